// Who is signed in on this page. `undefined` until the server has been asked, null when nobody is.
import { get, send, whenSignedOut } from '../api/client';
import { Problem } from '../api/problem';
import type { Session } from '../api/shapes';
import { createStore, useStore } from './create';
import { forgetDirectory } from './directory';
import { linkStore, whenClosed } from './live';

export interface Signed {
  session: Session | null | undefined;
  ended: 'signed_out' | 'taken_over' | null; // not by this page's own act
  problem: Problem | null;
}

export const sessionStore = createStore<Signed>({ session: undefined, ended: null, problem: null });

function end(ended: Signed['ended']): void {
  forgetDirectory();
  sessionStore.set({ session: null, ended, problem: null });
}

whenSignedOut(() => end('signed_out'));
whenClosed((taken) => end(taken ? 'taken_over' : 'signed_out'));

// A connection that does not come back may be one that is not ours any more.
linkStore.subscribe(() => {
  if (linkStore.get().state !== 'lost' || !sessionStore.get().session) return;
  get('/session').catch((error: unknown) => {
    if (error instanceof Problem && error.status === 401) end('signed_out');
  });
});

export async function loadSession(): Promise<void> {
  try {
    sessionStore.set({ session: await get<Session>('/session'), ended: null, problem: null });
  } catch (error) {
    const problem = error instanceof Problem ? error : null;
    if (problem?.status === 401) sessionStore.set({ session: null, ended: null, problem: null });
    else sessionStore.set({ session: undefined, ended: null, problem: problem ?? new Problem(-1, 'page', String(error)) });
  }
}

// take_over: whether to take an agent from another place where he is signed in; without, the server refuses then.
// code: of the second factor, of who has one.
export async function signIn(username: string, password: string, take_over: boolean, code?: string): Promise<Session> {
  const session = await send<Session>('POST', '/session', { username, password, take_over, ...(code ? { code } : {}) });
  sessionStore.set({ session, ended: null, problem: null });
  return session;
}

export async function signOut(): Promise<void> {
  await send('DELETE', '/session').catch((error: unknown) => {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
  });
  end(null);
}

export function useSession(): Session | null | undefined {
  return useStore(sessionStore, (s) => s.session);
}

export function maySome(session: Session | null | undefined, rights: readonly string[]): boolean {
  return rights.some((right) => session?.rights.includes(right));
}

// Whether the reader holds this right, "queue.update", for some rows at least.
export function useMay(right: string): boolean {
  return useStore(sessionStore, (s) => s.session?.rights.includes(right) ?? false);
}

export function homeOf(session: Session): string {
  if (session.agent) return '/desk';
  return maySome(session, ['live.watch']) ? '/floor' : '/interactions';
}
