// Who may come in: asks the session first, then shows the sign-in or the shell. The address asked for is kept.
import { lazy, Suspense } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';
import { ErrorNote } from '../components/ErrorNote';
import { useStore } from '../store/create';
import { useT } from '../i18n';
import { homeOf, loadSession, sessionStore, signOut } from '../store/session';
import { Shell } from './Shell';

const PasswordForm = lazy(() => import('./PasswordForm').then((m) => ({ default: m.PasswordForm })));
const FactorDue = lazy(() => import('../pages/account/FactorSetup').then((m) => ({ default: m.FactorDue })));
const SignIn = lazy(() => import('../pages/signin/SignInPage').then((m) => ({ default: m.SignInPage })));

// Nothing else is served before the password is another.
function PasswordDue() {
  const t = useT();
  return (
    <div className="lx-page">
      <p>{t('password.due')}</p>
      <button type="button" onClick={() => void signOut()}>
        {t('shell.sign_out')}
      </button>
      <Suspense>
        <PasswordForm onClose={() => void loadSession()} />
      </Suspense>
    </div>
  );
}

export function Gate() {
  const { session, problem } = useStore(sessionStore);
  const place = useLocation();
  if (problem) {
    return (
      <div className="lx-page">
        <div className="lx-card">
          <ErrorNote problem={problem} again={() => void loadSession()} />
        </div>
      </div>
    );
  }
  if (session === undefined) return null;
  if (session === null) {
    return (
      <Suspense>
        <Routes>
          <Route path="/signin" element={<SignIn />} />
          <Route path="*" element={<Navigate to="/signin" replace state={{ from: place.pathname + place.search }} />} />
        </Routes>
      </Suspense>
    );
  }
  if (session.password_due) return <PasswordDue />;
  if (session.factor_due) {
    return (
      <Suspense>
        <FactorDue onDone={() => void loadSession()} onLeave={() => void signOut()} />
      </Suspense>
    );
  }
  const from = (place.state as { from?: string } | null)?.from;
  if (place.pathname === '/signin' || place.pathname === '/') {
    return <Navigate to={from && from !== '/' ? from : homeOf(session)} replace />;
  }
  return <Shell session={session} />;
}
