// What a person's pages remember on the server, so that another computer has it: objects by name. Read once a sign-in; written
// a moment after the last change, and at once when the page goes away.
import { useEffect } from 'react';
import { base, get, send } from '../api/client';
import { createStore, useStore } from './create';
import { sessionStore } from './session';

type All = Record<string, Record<string, unknown>>;

const store = createStore<All | null>(null);
const waiting = new Map<string, ReturnType<typeof setTimeout>>();
const pause_ms = 600;
let asked = false;

async function load(): Promise<void> {
  asked = true;
  // Without them lists stand as usual.
  store.set(await get<All>('/preferences').catch(() => ({})));
}

sessionStore.subscribe(() => {
  if (sessionStore.get().session) return;
  asked = false;
  store.set(null);
});

function flush(): void {
  for (const [name, timer] of waiting) {
    clearTimeout(timer);
    void fetch(`${base}/preferences/${name}`, { method: 'PUT', keepalive: true, credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(store.get()?.[name] ?? {}) });
  }
  waiting.clear();
}

if (typeof document !== 'undefined') document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && flush());

export function setPreference(name: string, value: Record<string, unknown>): void {
  store.set((old) => ({ ...old, [name]: value }));
  clearTimeout(waiting.get(name));
  waiting.set(
    name,
    setTimeout(() => {
      waiting.delete(name);
      void send('PUT', `/preferences/${name}`, value).catch(() => undefined);
    }, pause_ms),
  );
}

// null: not known yet.
export function usePreference(name: string): Record<string, unknown> | null {
  useEffect(() => {
    if (!asked) void load();
  }, []);
  const all = useStore(store);
  return all && (all[name] ?? nothing);
}

const nothing: Record<string, unknown> = {};
