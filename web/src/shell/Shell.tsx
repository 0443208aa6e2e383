// The frame that stays: rail, bar, page. Starts the live socket and, for an agent, the phone.
import { Suspense, useEffect } from 'react';
import { Route, Routes, useLocation } from 'react-router';
import type { Session } from '../api/shapes';
import { Bones } from '../components/Bones';
import { Crash } from '../components/Crash';
import { NoRight } from '../components/NoRight';
import { NotFound } from '../components/NotFound';
import { tWord, useT } from '../i18n';
import { startLive, stopLive } from '../store/live';
import { Bar } from './Bar';
import { NetworkLost } from './NetworkLost';
import { ContactPage, pages, type PageInfo } from './pages';
import { Rail } from './Rail';
import './shell.css';

function Guarded({ page, session }: { page: PageInfo; session: Session }) {
  const t = useT();
  if (page.roles.includes(session.user.role)) return <page.Page />;
  const right = page.roles.map((role) => tWord('role', role)).join(' / ');
  return <NoRight page={t(page.name)} right={right} />;
}

export function Shell({ session }: { session: Session }) {
  const t = useT();
  const { pathname } = useLocation();
  useEffect(() => {
    startLive();
    return stopLive;
  }, []);
  return (
    <div className="shell">
      <a className="shell-skip" href="#page">
        {t('shell.skip')}
      </a>
      <Rail role={session.user.role} />
      <Bar session={session} />
      <main id="page" className="shell-main" tabIndex={-1}>
        <NetworkLost />
        <Crash place={pathname}>
          <Suspense fallback={<Bones rows={10} />}>
            <Routes>
              {pages.map((page) => (
                <Route key={page.path} path={page.match} element={<Guarded page={page} session={session} />} />
              ))}
              <Route path="/interactions/:id" element={<ContactPage />} />
              <Route path="*" element={<NotFound />} />
            </Routes>
          </Suspense>
        </Crash>
      </main>
    </div>
  );
}
