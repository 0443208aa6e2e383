// Where this person is signed in: which one is here, and ending the others, one or all.
import { App, Button } from 'antd';
import { useEffect, useState } from 'react';
import { queryString, send } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { Page, Session } from '../../api/shapes';
import type { Session as SessionRow } from '../../api/types';
import { useLoad } from '../../api/useLoad';
import { Bones } from '../../components/Bones';
import { ErrorNote, problemTitle } from '../../components/ErrorNote';
import { useT } from '../../i18n';
import { longMoment } from '../../i18n/format';
import { useAsk } from '../../record/useAsk';
import { onChanged } from '../../store/live';
import { browserName } from '../../components/browserName';
import { Part } from './Part';

export function Sessions({ session }: { session: Session }) {
  const t = useT();
  const ask = useAsk();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const { value, problem, again } = useLoad<Page<SessionRow>>(`/sessions${queryString({ user: session.user.id, sort: '-seen', limit: 100 })}`);
  useEffect(() => onChanged((changed) => void (changed === 'session' && again())), [again]);
  const rows = value?.items ?? [];
  const others = rows.filter(({ id }) => id !== session.id);
  const end = async (what: string) => {
    setBusy(true);
    try {
      await send('DELETE', what);
    } catch (error) {
      void message.error(problemTitle(asProblem(error)));
    }
    setBusy(false);
    again();
  };
  const endAll = async () => {
    if (await ask(t('account.end_all_ask', { n: others.length }), t('account.end_what'), t('account.end_all'))) await end('/sessions');
  };
  return (
    <Part
      id="sessions"
      title={t('account.sessions')}
      about={t('account.sessions_about')}
      acts={
        others.length > 0 && (
          <Button size="small" danger data-act="end-all" loading={busy} onClick={() => void endAll()}>
            {t('account.end_all')}
          </Button>
        )
      }
    >
      {problem && <ErrorNote problem={problem} again={again} />}
      {!value && !problem && <Bones rows={3} />}
      <ul className="account-rows">
        {rows.map((row) => (
          <li key={row.id} data-session={row.id}>
            <span className="lx-cut">{browserName(row.user_agent)}</span>
            <span className="lx-t2 lx-cut">{row.address}</span>
            <span className="lx-t2 lx-cut">{t('account.since', { when: longMoment(row.created) })}</span>
            <span className="lx-t3 lx-cut">{t('account.seen', { when: longMoment(row.seen) })}</span>
            {row.id === session.id ? (
              <span className="lx-accent lx-12">{t('account.here')}</span>
            ) : (
              <Button size="small" data-act="end" disabled={busy} aria-label={`${t('account.end')} ${browserName(row.user_agent)} ${row.address}`} onClick={() => void end(`/sessions/${row.id}`)}>
                {t('account.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
