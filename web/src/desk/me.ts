// The agent of this page: who he is, his queues, the access of his phone. Read once a sign-in and again when the link
// comes back; the live part (state, calls) is store/live.ts.
import { get } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import type { AgentLive, AgentMe, CallLive } from '../api/shapes';
import { startPhone, stopPhone } from '../phone/phone';
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
  if (sessionStore.get().session) return;
  if (meStore.get().me) stopPhone();
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

export function useContactCall(): CallLive | null {
  const id = useContactId();
  return useLive((live) => (id ? (live.calls[id] ?? null) : null));
}
