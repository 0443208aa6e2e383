// What a person has opened lately, kept in this browser under his name.
import { readPref, writePref } from '../store/prefs';
import { sessionStore } from '../store/session';

export interface Recent {
  kind: string; // plural
  id: string;
  name: string;
  path: string;
}

const most = 8;
const keyOf = () => `recent.${sessionStore.get().session?.user.id ?? ''}`;

export function recentOnes(): Recent[] {
  try {
    return JSON.parse(readPref(keyOf()) ?? '[]') as Recent[];
  } catch {
    return [];
  }
}

export function rememberOpened(one: Recent): void {
  const others = recentOnes().filter(({ path }) => path !== one.path);
  writePref(keyOf(), JSON.stringify([one, ...others].slice(0, most)));
}
