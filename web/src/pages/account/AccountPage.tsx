// The own account: how pages look, the password, where one is signed in, keys for programs, and who has come in under this name.
import { useT } from '../../i18n';
import { useSession } from '../../store/session';
import './account.css';
import { Attempts } from './Attempts';
import { Me } from './Me';
import { SecondFactor } from './SecondFactor';
import { Sessions } from './Sessions';
import { Tokens } from './Tokens';

export function AccountPage() {
  const t = useT();
  const session = useSession();
  if (!session) return null;
  return (
    <div className="lx-page account">
      <div className="lx-page-head">
        <h1>{t('account.title')}</h1>
        <span className="lx-t2 lx-cut">{t('account.about')}</span>
      </div>
      <div className="account-parts">
        <Me session={session} />
        <SecondFactor />
        <Sessions session={session} />
        <Tokens session={session} />
        <Attempts session={session} />
      </div>
    </div>
  );
}
