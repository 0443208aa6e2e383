// How things stand now, as /api/v1/events tells it: a snapshot, then changes. Kept outside React; a component selects
// one agent, queue or call. `link` is the state of the socket itself: pages say "cut off" from it, nothing else.
import { base } from '../api/client';
import type { AgentLive, CallLive, JobLive, LiveMessage, QueueLive, WireEvent } from '../api/shapes';
import { createStore, useStore } from './create';
import { serverNow } from './now';

export interface Live {
  known: boolean;
  switchUp: boolean;
  agents: Record<string, AgentLive>;
  queues: Record<string, QueueLive>;
  calls: Record<string, CallLive>;
}

export interface Link {
  state: 'off' | 'connecting' | 'up' | 'lost';
  since: number;
  attempts: number;
}

const empty: Live = { known: false, switchUp: true, agents: {}, queues: {}, calls: {} };

export const liveStore = createStore<Live>(empty);
export const linkStore = createStore<Link>({ state: 'off', since: 0, attempts: 0 });

// The server closed the connection for good: signed out, or the agent has signed in at another place.
export const closed = { signed_out: 4001, other_rights: 4002, taken_over: 4003 };

let onClosed: (taken: boolean) => void = () => {};

export function whenClosed(listener: (taken: boolean) => void): void {
  onClosed = listener;
}

let onOtherRights: () => void = () => {};

// What the reader may see has changed: the connection is made anew, and whoever keeps rights asks again.
export function whenOtherRights(listener: () => void): void {
  onOtherRights = listener;
}

const eventListeners = new Set<(event: WireEvent) => void>();
const changeListeners = new Set<(resource: string, id: string) => void>();

export function onEvent(listener: (event: WireEvent) => void): () => void {
  eventListeners.add(listener);
  return () => eventListeners.delete(listener);
}

let onMeta: () => void = () => {};

// Fields were added, changed or deleted: descriptors are read again.
export function whenMetaChanged(listener: () => void): void {
  onMeta = listener;
}

const jobListeners = new Set<(id: string, value: JobLive) => void>();

export function onJob(listener: (id: string, value: JobLive) => void): () => void {
  jobListeners.add(listener);
  return () => jobListeners.delete(listener);
}

export function onChanged(listener: (resource: string, id: string) => void): () => void {
  changeListeners.add(listener);
  return () => changeListeners.delete(listener);
}

function put<T>(table: Record<string, T>, id: string, value: T | null): Record<string, T> {
  const next = { ...table };
  if (value === null) delete next[id];
  else next[id] = value;
  return next;
}

// One message of the socket applied to what is known; pure, so that it can be tested without a socket.
export function applyLive(live: Live, message: LiveMessage): Live {
  if (!('topic' in message)) return live;
  switch (message.topic) {
    case 'snapshot':
      return { known: true, switchUp: message.switch, agents: message.agents, queues: message.queues, calls: message.calls };
    case 'agent':
      return { ...live, agents: put(live.agents, message.id, message.value) };
    case 'queue':
      return { ...live, queues: put(live.queues, message.id, message.value) };
    case 'call':
      return { ...live, calls: put(live.calls, message.id, message.value) };
    case 'switch':
      return message.value ? { ...live, switchUp: true } : { ...empty, known: true, switchUp: false };
    default:
      return live;
  }
}

function receive(text: string): void {
  const message = JSON.parse(text) as LiveMessage;
  if ('event' in message) {
    for (const listener of [...eventListeners]) listener(message.event);
  } else if (message.topic === 'changed') {
    for (const listener of [...changeListeners]) listener(message.resource, message.id);
  } else if (message.topic === 'meta') {
    onMeta();
  } else if (message.topic === 'job') {
    for (const listener of [...jobListeners]) listener(message.id, message.value);
  } else {
    liveStore.set((old) => applyLive(old, message));
  }
}

let socket: WebSocket | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;
let wanted = false;

function waitBeforeRetry(attempts: number): number {
  const full = Math.min(10_000, 500 * 2 ** Math.min(attempts, 5));
  return full / 2 + Math.random() * (full / 2);
}

function connect(): void {
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${base}/events`;
  const mine = new WebSocket(url);
  socket = mine;
  mine.onmessage = (event) => {
    if (linkStore.get().state !== 'up') linkStore.set({ state: 'up', since: serverNow(), attempts: 0 });
    receive(String(event.data));
  };
  mine.onclose = ({ code }) => {
    if (socket !== mine || !wanted) return;
    if (code === closed.signed_out || code === closed.taken_over) {
      onClosed(code === closed.taken_over);
      return;
    }
    if (code === closed.other_rights) {
      onOtherRights();
      retry = setTimeout(connect, 50);
      return;
    }
    const old = linkStore.get();
    const attempts = old.attempts + 1;
    linkStore.set({ state: 'lost', since: old.state === 'lost' ? old.since : serverNow(), attempts });
    retry = setTimeout(connect, waitBeforeRetry(attempts));
  };
}

export function startLive(): void {
  if (wanted) return;
  wanted = true;
  linkStore.set({ state: 'connecting', since: serverNow(), attempts: 0 });
  connect();
}

export function stopLive(): void {
  wanted = false;
  clearTimeout(retry);
  socket?.close();
  socket = undefined;
  linkStore.set({ state: 'off', since: 0, attempts: 0 });
  liveStore.set(empty);
}

export function useLive<S>(select: (live: Live) => S): S {
  return useStore(liveStore, select);
}

export function useLink(): Link {
  return useStore(linkStore);
}
