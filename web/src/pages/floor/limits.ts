// How long an agent may stand in his state: the switch says when the limit ends, where somebody set one.
import type { AgentLive } from '../../api/shapes';

export function limitOf(live: AgentLive): number | null {
  return live.limit ? Math.max(0, live.limit - live.since) : null;
}
