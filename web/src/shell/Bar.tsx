// The bar: the place at its left, the link and the person at its right.
import type { Session } from '../api/shapes';
import { LinkSign } from './LinkSign';
import { Place } from './Place';
import { UserMenu } from './UserMenu';

export function Bar({ session }: { session: Session }) {
  return (
    <header className="bar">
      <Place />
      <span className="lx-grow" />
      <LinkSign />
      <UserMenu session={session} />
    </header>
  );
}
