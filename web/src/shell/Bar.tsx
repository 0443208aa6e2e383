// The bar: an agent's phone at its left on every page, the link and the person at its right.
import { lazy, Suspense } from 'react';
import type { Session } from '../api/shapes';
import { FindButton } from '../find/FindButton';
import { JobsTray } from '../jobs/JobsTray';
import { LinkSign } from './LinkSign';
import { Place } from './Place';
import { UserMenu } from './UserMenu';

const PhoneBar = lazy(() => import('../desk/PhoneBar').then((m) => ({ default: m.PhoneBar })));

export function Bar({ session }: { session: Session }) {
  return (
    <header className="bar">
      {session.agent && (
        <Suspense fallback={<span />}>
          <PhoneBar />
        </Suspense>
      )}
      {!session.agent && <Place />}
      <span className="lx-grow" />
      <FindButton />
      <JobsTray />
      <LinkSign />
      <UserMenu session={session} />
    </header>
  );
}
