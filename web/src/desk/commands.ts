// What an agent may ask of the server about the call in hand. `pending` shows a bar under the button until the answer
// comes: the page tells the truth of the server, not of the button.
import { send } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import type { CallAction, Id, Target } from '../api/shapes';
import { isDeaf } from '../phone/microphone';
import { allowMic, phoneStore } from '../phone/phone';
import { createStore } from '../store/create';

export type Act = CallAction | 'state' | 'dial' | 'wrap_up';

export interface Acting {
  pending: Act | null;
  problem: Problem | null;
  at: Act | null;
}

export const actingStore = createStore<Acting>({ pending: null, problem: null, at: null });

async function act<T>(name: Act, run: () => Promise<T>): Promise<T | null> {
  actingStore.set({ pending: name, problem: null, at: null });
  try {
    const value = await run();
    actingStore.set({ pending: null, problem: null, at: null });
    return value;
  } catch (error) {
    actingStore.set({ pending: null, problem: asProblem(error), at: name });
    return null;
  }
}

export function clearProblem(): void {
  actingStore.set((old) => (old.problem ? { ...old, problem: null, at: null } : old));
}

// Going ready is the moment to ask whether a hidden page may show a ringing call.
function askForNotices(): void {
  if ('Notification' in window && Notification.permission === 'default') void Notification.requestPermission();
}

// Nobody goes ready who could not be heard: the browser is asked first, and what it says stands above the desk.
export async function setState(state: 'ready' | 'not_ready', reason: string | null): Promise<unknown> {
  if (state === 'ready') {
    askForNotices();
    const { mic } = phoneStore.get();
    if (mic === 'ask') await allowMic();
    if (isDeaf(phoneStore.get().mic)) return null;
  }
  return act('state', () => send('PUT', '/agents/me/state', { state, reason }));
}

export const dial = (to: string) =>
  act('dial', () => send<{ interaction: string }>('POST', '/agents/me/calls', { to: to.replace(/[\s()-]/g, '') }));

// A number that the agent does not see whole: of the other party of a contact, or one of a customer's.
export type Behind = { interaction: Id } | { customer: Id; number: Id };
export const dialBehind = (by: Behind) => act('dial', () => send<{ interaction: string }>('POST', '/agents/me/calls', by));

export const onCall = (interaction: string, action: CallAction, body: { keys?: string; target?: Target } = {}) =>
  act(action, () => send('POST', `/agents/me/calls/${interaction}/${action}`, body));

export const endWrapUp = (interaction: string) => act('wrap_up', () => send('POST', '/agents/me/wrap_up/end', { interaction }));
