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
let asked: Promise<All> | null = null;

async function load(): Promise<All> {
  // Without them lists stand as usual.
  const kept = await get<All>('/preferences').catch(() => ({}));
  store.set((old) => ({ ...kept, ...old })); // what was set meanwhile is newer
  return kept;
}

export function keptPreferences(): Promise<All> {
  asked ??= load();
  return asked;
}

sessionStore.subscribe(() => {
  if (sessionStore.get().session) return;
  asked = null;
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
    void keptPreferences();
  }, []);
  const all = useStore(store);
  return all && (all[name] ?? nothing);
}

const nothing: Record<string, unknown> = {};
