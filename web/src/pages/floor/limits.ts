// The time an agent may stand in his state, where somebody set one: the reason's limit, the queue's wrap-up and ring.
import type { AgentLive, CallLive, Id } from '../../api/shapes';
import { reasonLimit, type Entry } from '../../store/directory';

export interface Limits {
  reasons: Record<Id, Entry>;
  queues: Record<Id, Entry>;
}

export function limitOf(live: AgentLive, call: CallLive | undefined, { reasons, queues }: Limits): number | null {
  const queue = call?.queue ? queues[call.queue] : undefined;
  if (live.state === 'not_ready') return reasonLimit(reasons, live.reason);
  if (live.state === 'wrap_up') return queue?.wrap_up_ms ?? null;
  return null;
}
