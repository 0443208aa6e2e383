// The frame that stays: rail, bar, page. Starts the live socket and, for an agent, the phone.
import { Suspense, useEffect } from 'react';
import { Route, Routes, useLocation } from 'react-router';
import type { Session } from '../api/shapes';
import { Bones } from '../components/Bones';
import { Crash } from '../components/Crash';
import { NoRight } from '../components/NoRight';
import { NotFound } from '../components/NotFound';
import { labelOf, useT } from '../i18n';
import { startLive, stopLive } from '../store/live';
import { useMeta } from '../store/meta';
import { Bar } from './Bar';
import { NetworkLost } from './NetworkLost';
import { AccountPage, ContactPage, ImportPage, isFor, pages, type PageInfo } from './pages';
import { Rail } from './Rail';
import './shell.css';

function Guarded({ page, session }: { page: PageInfo; session: Session }) {
  const t = useT();
  const { meta } = useMeta();
  if (isFor(page, session)) return <page.Page />;
  const right = labelOf(meta?.rights.find((each) => each.name === page.rights[0])?.label) || t('shell.agent');
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
      <Rail session={session} />
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
              <Route path="/account" element={<AccountPage />} />
              <Route path="/import/:plural" element={<ImportPage />} />
              <Route path="*" element={<NotFound />} />
            </Routes>
          </Suspense>
        </Crash>
      </main>
    </div>
  );
}
