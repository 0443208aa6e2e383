// Who is signed in on this page. `undefined` until the server has been asked, null when nobody is.
import { get, send, whenSignedOut } from '../api/client';
import { Problem } from '../api/problem';
import type { Role, Session } from '../api/shapes';
import { createStore, useStore } from './create';
import { forgetDirectory } from './directory';

export interface Signed {
  session: Session | null | undefined;
  ended: boolean;
  problem: Problem | null;
}

export const sessionStore = createStore<Signed>({ session: undefined, ended: false, problem: null });

whenSignedOut(() => {
  forgetDirectory();
  sessionStore.set({ session: null, ended: true, problem: null });
});

export async function loadSession(): Promise<void> {
  try {
    sessionStore.set({ session: await get<Session>('/session'), ended: false, problem: null });
  } catch (error) {
    const problem = error instanceof Problem ? error : null;
    if (problem?.status === 401) sessionStore.set({ session: null, ended: false, problem: null });
    else sessionStore.set({ session: undefined, ended: false, problem: problem ?? new Problem(-1, 'page', String(error)) });
  }
}

export async function signIn(username: string, password: string): Promise<Session> {
  const session = await send<Session>('POST', '/session', { username, password });
  sessionStore.set({ session, ended: false, problem: null });
  return session;
}

export async function signOut(): Promise<void> {
  await send('DELETE', '/session').catch((error: unknown) => {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
  });
  forgetDirectory();
  sessionStore.set({ session: null, ended: false, problem: null });
}

export function useSession(): Session | null | undefined {
  return useStore(sessionStore, (s) => s.session);
}

export function useRole(): Role | null {
  return useStore(sessionStore, (s) => s.session?.user.role ?? null);
}

export const homeOf: Record<Role, string> = { agent: '/desk', leader: '/floor', admin: '/floor' };
