// Whether another system's page belongs to the contact in hand; where it has a window of its own, that one is led there
// as soon as the contact comes.
import { useEffect } from 'react';
import type { AgentMe, CallLive, Id } from '../api/shapes';
import { createStore, useStore } from '../store/create';
import { useContactCall, useContactId, useMe } from './me';

const target = 'lingxi-pop';
let shown: Id | null = null;
const blockedStore = createStore(false);

export interface Pop {
  path: string | null;
  how: 'panel' | 'window';
  blocked: boolean;
}

export function popPath(me: AgentMe | null, id: Id | null, call: CallLive | null): string | null {
  if (!me?.pop || !id || call?.direction === 'internal') return null;
  const own = me.agent.queues.find((queue) => queue.id === call?.queue)?.pop;
  return me.pop.always || own ? `/api/v1/agents/me/calls/${id}/pop` : null;
}

// The window knows nothing of ours: whatever it shows cannot lead this page elsewhere.
function lead(path: string): boolean {
  const other = window.open('', target);
  if (!other) return false;
  other.opener = null;
  other.location.href = path;
  return true;
}

export function usePop(): Pop {
  const me = useMe();
  const id = useContactId();
  const call = useContactCall();
  const path = popPath(me, id, call);
  const how = me?.pop?.how ?? 'panel';
  const blocked = useStore(blockedStore);
  useEffect(() => {
    if (!path || how !== 'window' || shown === id) return;
    shown = id;
    blockedStore.set(!lead(new URL(path, location.href).href));
  }, [path, how, id]);
  return { path, how, blocked };
}
