// The agent of this page: who he is, his queues, the access of his phone. Read once a sign-in and again when the link
// comes back; the live part (state, calls) is store/live.ts.
import { get } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import type { AgentLive, AgentMe, CallLive } from '../api/shapes';
import { leavePhone, startPhone, stopPhone } from '../phone/phone';
import { createStore, useStore } from '../store/create';
import { linkStore, useLive } from '../store/live';
import { sessionStore } from '../store/session';

export interface MeState {
  me: AgentMe | null;
  problem: Problem | null;
}

export const meStore = createStore<MeState>({ me: null, problem: null });

export async function loadMe(): Promise<void> {
  try {
    const me = await get<AgentMe>('/agents/me');
    meStore.set({ me, problem: null });
    if (me.phone && me.agent.device === 'browser') startPhone(me.agent.id, me.phone);
  } catch (error) {
    meStore.set((old) => ({ me: old.me, problem: asProblem(error) }));
  }
}

linkStore.subscribe(() => {
  const { me, problem } = meStore.get();
  if (linkStore.get().state === 'up' && problem && !me) void loadMe();
});

sessionStore.subscribe(() => {
  const { session, ended } = sessionStore.get();
  if (session) return;
  if (meStore.get().me && ended === 'taken_over') leavePhone();
  else if (meStore.get().me) stopPhone();
  meStore.set({ me: null, problem: null });
});

export function useMe(): AgentMe | null {
  return useStore(meStore, (s) => s.me);
}

export function useMyLive(): AgentLive | null {
  const me = useMe();
  return useLive((live) => (me ? (live.agents[me.agent.id] ?? null) : null));
}


export function contactIdOf(calls: Record<string, CallLive>, agent: string, named: string | null): string | null {
  if (named) return named;
  const mine = Object.entries(calls).find(([, call]) => call.agent === agent || call.consult_agent === agent);
  return mine?.[0] ?? null;
}

// What the agent has in hand; in wrap-up the call itself may already be gone from the live values.
export function useContactId(): string | null {
  const me = useMe();
  const mine = useMyLive();
  return useLive((live) => (me ? contactIdOf(live.calls, me.agent.id, mine?.interaction ?? null) : null));
}

// In wrap-up the call is gone from the live values; who it was is still of use.
let last: { id: string; call: CallLive; after: CallLive } | null = null;

function callOf(calls: Record<string, CallLive>, id: string | null): CallLive | null {
  if (!id) return null;
  const call = calls[id];
  if (!call) return last?.id === id ? last.after : null;
  if (last?.call !== call) last = { id, call, after: { ...call, phase: 'wrap_up', legs: [] } };
  return call;
}

export function useContactCall(): CallLive | null {
  const id = useContactId();
  return useLive((live) => callOf(live.calls, id));
}

// Since when the bar's timer runs: the whole contact, or the hold within it.
export function useContactSince(): number | null {
  const mine = useMyLive();
  const call = useContactCall();
  if (call?.phase === 'held') return call.since;
  return mine?.state === 'on_contact' || mine?.state === 'wrap_up' ? mine.since : (call?.since ?? null);
}
