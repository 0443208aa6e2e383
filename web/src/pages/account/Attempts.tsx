// Who has come in under this name, or tried to: the newest first.
import { Button } from 'antd';
import { useState } from 'react';
import { queryString } from '../../api/client';
import type { Page, Session } from '../../api/shapes';
import type { SignIn } from '../../api/types';
import { useLoad } from '../../api/useLoad';
import { Bones } from '../../components/Bones';
import { Empty } from '../../components/Empty';
import { ErrorNote } from '../../components/ErrorNote';
import { labelOf, useT } from '../../i18n';
import { longMoment } from '../../i18n/format';
import { useResource } from '../../store/meta';
import { browserName } from '../../components/browserName';
import { Part } from './Part';

const step = 20;

export function Attempts({ session }: { session: Session }) {
  const t = useT();
  const [n, setN] = useState(step);
  const choices = useResource('sign_ins')?.fields.find(({ name }) => name === 'result')?.choices ?? [];
  const { value, problem, loading, again } = useLoad<Page<SignIn>>(`/sign_ins${queryString({ user: session.user.id, sort: '-created', limit: n })}`);
  const rows = value?.items ?? [];
  return (
    <Part id="attempts" title={t('account.attempts')} about={t('account.attempts_about')}>
      {problem && <ErrorNote problem={problem} again={again} />}
      {!value && !problem && <Bones rows={4} />}
      {value && rows.length === 0 && <Empty icon="clock" title={t('account.no_attempts')} />}
      <ul className="account-rows">
        {rows.map((row) => (
          <li key={row.id}>
            <span className="lx-cut">{longMoment(row.created)}</span>
            <span className={row.result === 'ok' ? 'lx-cut' : 'lx-over lx-cut'}>{labelOf(choices.find((each) => each.value === row.result)?.label) || row.result}</span>
            <span className="lx-t2 lx-cut">{row.address}</span>
            <span className="lx-t3 lx-cut">{browserName(row.user_agent)}</span>
            <span />
          </li>
        ))}
      </ul>
      {value?.next && n < 400 && (
        <Button type="link" loading={loading} onClick={() => setN(n * 2)}>
          {t('account.earlier')}
        </Button>
      )}
    </Part>
  );
}
