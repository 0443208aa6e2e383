// What keeps a user from signing in: wrong passwords that count against him, by address, and a second factor that he has lost.
import { App, Button } from 'antd';
import { send } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { Row } from '../../api/shapes';
import { useLoad } from '../../api/useLoad';
import { Bones } from '../../components/Bones';
import { Empty } from '../../components/Empty';
import { ErrorNote, problemTitle } from '../../components/ErrorNote';
import { useT } from '../../i18n';
import { span } from '../../i18n/format';
import { useMay } from '../../store/session';
import './account.css';
import { FactorReset } from './FactorReset';

interface Lock {
  address: string;
  failures: number;
  locked_ms: number;
}

function Failures({ row }: { row: Row }) {
  const t = useT();
  const { message } = App.useApp();
  const may = useMay('user.unlock');
  const { value, problem, again } = useLoad<{ items: Lock[] }>(`/users/${row.id}/locks`);
  const unlock = async () => {
    try {
      await send('POST', `/users/${row.id}/unlock`, {});
      void message.success(t('account.unlocked'));
      again();
    } catch (error) {
      void message.error(problemTitle(asProblem(error)));
    }
  };
  if (problem) return <ErrorNote problem={problem} again={again} />;
  if (!value) return <Bones rows={2} />;
  if (value.items.length === 0) return <Empty icon="lock" title={t('account.no_locks')} text={t('account.no_locks_what')} />;
  return (
    <div className="account-locks">
      <ul>
        {value.items.map(({ address, failures, locked_ms }) => (
          <li key={address} className="lx-row">
            <span className="lx-grow">{address}</span>
            <span className="lx-t2">{t('account.failures', { n: failures })}</span>
            {locked_ms > 0 && <span className="lx-near">{t('account.locked_for', { span: span(locked_ms) })}</span>}
          </li>
        ))}
      </ul>
      {may && (
        <Button data-act="unlock" onClick={() => void unlock()}>
          {t('account.unlock')}
        </Button>
      )}
    </div>
  );
}

export function Locks({ row }: { row: Row }) {
  return (
    <>
      <FactorReset row={row} />
      <Failures row={row} />
    </>
  );
}
