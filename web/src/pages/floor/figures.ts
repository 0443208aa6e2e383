// Pure reckoning of the floor: sums of live values and the order in which agents stand.
import type { AgentLive, AgentState, CallLive, QueueLive } from '../../api/shapes';
import type { Level } from '../../components/Threshold';

export interface Sums {
  waiting: number;
  longest_since: number | null;
  talking: number;
  ready: number;
  busy: number;
  signedIn: number;
}

const inTalk = new Set(['talking', 'held', 'consulting', 'conference']);

export function sumsOf(agents: Record<string, AgentLive>, queues: Record<string, QueueLive>, calls: Record<string, CallLive>): Sums {
  const sums: Sums = { waiting: 0, longest_since: null, talking: 0, ready: 0, busy: 0, signedIn: 0 };
  for (const queue of Object.values(queues)) {
    sums.waiting += queue.waiting;
    const since = queue.waiting > 0 ? queue.longest_since : null;
    if (since && (sums.longest_since === null || since < sums.longest_since)) sums.longest_since = since;
  }
  for (const call of Object.values(calls)) if (inTalk.has(call.phase)) sums.talking += 1;
  for (const agent of Object.values(agents)) {
    if (agent.state !== 'offline') sums.signedIn += 1;
    if (agent.state === 'ready') sums.ready += 1;
    if (agent.state === 'on_contact') sums.busy += 1;
  }
  return sums;
}

const stateOrder: AgentState[] = ['ringing', 'on_contact', 'wrap_up', 'ready', 'not_ready', 'offline'];
const levelOrder: Level[] = ['over', 'near', 'ok', 'none'];

export interface Standing {
  id: string;
  live: AgentLive;
  level: Level;
}

// Beyond its limit first, then near it, then the rest by state and by how long it stands.
export function byState(a: Standing, b: Standing): number {
  return stateOrder.indexOf(a.live.state) - stateOrder.indexOf(b.live.state);
}

export function byTrouble(a: Standing, b: Standing): number {
  const loud = (s: Standing) => Math.min(levelOrder.indexOf(s.level), 2);
  return (
    loud(a) - loud(b) ||
    byState(a, b) ||
    a.live.since - b.live.since ||
    a.id.localeCompare(b.id)
  );
}

export function waitersOf(calls: Record<string, CallLive>): [string, CallLive][] {
  return Object.entries(calls)
    .filter(([, call]) => call.phase === 'queued')
    .sort(([, a], [, b]) => a.since - b.since);
}
