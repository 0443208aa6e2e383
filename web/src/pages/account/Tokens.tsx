// Keys for programs that act in this person's name: what they may do, until when; the key itself is told once.
import { App, Button } from 'antd';
import { useState } from 'react';
import { queryString, send } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { Page, Session } from '../../api/shapes';
import type { ApiToken } from '../../api/types';
import { useLoad } from '../../api/useLoad';
import { Bones } from '../../components/Bones';
import { Empty } from '../../components/Empty';
import { ErrorNote, problemTitle } from '../../components/ErrorNote';
import { Icon } from '../../components/Icon';
import { useT } from '../../i18n';
import { longMoment } from '../../i18n/format';
import { useAsk } from '../../record/useAsk';
import { useMay } from '../../store/session';
import { NewToken } from './NewToken';
import { Part } from './Part';
import { Secret } from './Secret';

function Line({ row, now, onRevoke }: { row: ApiToken; now: number; onRevoke: () => void }) {
  const t = useT();
  const over = row.expires !== null && Date.parse(row.expires) <= now;
  return (
    <li data-token={row.id}>
      <span className="lx-cut">{row.name}</span>
      <code className="lx-t2 lx-cut">{row.hint}…</code>
      <span className={over ? 'lx-over lx-cut' : 'lx-t2 lx-cut'}>{row.expires === null ? t('account.for_ever') : t(over ? 'account.was_until' : 'account.until', { when: longMoment(row.expires) })}</span>
      <span className="lx-t3 lx-cut">
        {t('account.n_rights', { n: row.rights.length })} · {row.seen ? t('account.seen', { when: longMoment(row.seen) }) : t('account.unused')}
      </span>
      {row.state === 'active' ? (
        <Button size="small" data-act="revoke" aria-label={`${t('account.revoke')} ${row.name}`} onClick={onRevoke}>
          {t('account.revoke')}
        </Button>
      ) : (
        <span className="lx-t3">{t('account.revoked')}</span>
      )}
    </li>
  );
}

export function Tokens({ session }: { session: Session }) {
  const t = useT();
  const ask = useAsk();
  const { message } = App.useApp();
  const may = useMay('api_token.create');
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const { value, problem, at, again } = useLoad<Page<ApiToken>>(`/api_tokens${queryString({ user: session.user.id, sort: 'name', limit: 200 })}`);
  const rows = value?.items ?? [];
  const revoke = async (row: ApiToken) => {
    if (!(await ask(t('account.revoke_ask', { name: row.name }), t('account.revoke_what'), t('account.revoke')))) return;
    try {
      await send('POST', `/api_tokens/${row.id}/revoke`, {});
    } catch (error) {
      void message.error(problemTitle(asProblem(error)));
    }
    again();
  };
  return (
    <Part
      id="tokens"
      title={t('account.tokens')}
      about={t('account.tokens_about')}
      acts={
        may && (
          <Button size="small" icon={<Icon name="plus" size={14} />} data-act="new-token" onClick={() => setMaking(true)}>
            {t('account.new_token')}
          </Button>
        )
      }
    >
      {problem && <ErrorNote problem={problem} again={again} />}
      {!value && !problem && <Bones rows={2} />}
      {value && rows.length === 0 && <Empty icon="key" title={t('account.no_tokens')} text={t(may ? 'account.no_tokens_what' : 'account.tokens_right')} />}
      <ul className="account-rows">
        {rows.map((row) => (
          <Line key={row.id} row={row} now={at} onRevoke={() => void revoke(row)} />
        ))}
      </ul>
      {making && (
        <NewToken
          session={session}
          onMade={(made) => {
            setMaking(false);
            setSecret(made);
            again();
          }}
          onClose={() => setMaking(false)}
        />
      )}
      {secret !== null && <Secret secret={secret} onClose={() => setSecret(null)} />}
    </Part>
  );
}
