// Notes being written. Each keystroke is kept in this browser at once and sent to the server a second later, so that a
// lost network or a closed tab loses nothing.
import { send } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import { createStore } from '../store/create';
import { linkStore } from '../store/live';
import { readPref, writePref } from '../store/prefs';

export interface Draft {
  text: string;
  state: 'saved' | 'waiting' | 'saving' | 'failed';
  at: number | null;
  problem: Problem | null;
}

const pause_ms = 1000;

export const draftStore = createStore<Record<string, Draft>>({});

const timers = new Map<string, ReturnType<typeof setTimeout>>();

const put = (id: string, part: Partial<Draft>) =>
  draftStore.set((old) => {
    const draft = old[id] ?? { text: '', state: 'saved', at: null, problem: null };
    return { ...old, [id]: { ...draft, ...part } };
  });

async function save(id: string): Promise<void> {
  const text = draftStore.get()[id]?.text ?? '';
  put(id, { state: 'saving', problem: null });
  try {
    await send('PATCH', `/interactions/${id}`, { note: text });
  } catch (error) {
    put(id, { state: 'failed', problem: asProblem(error) });
    return;
  }
  if (draftStore.get()[id]?.text !== text) return;
  put(id, { state: 'saved', at: Date.now() });
  writePref(`note.${id}`, '');
}

export function writeDraft(id: string, text: string): void {
  put(id, { text, state: 'waiting' });
  writePref(`note.${id}`, text);
  clearTimeout(timers.get(id));
  timers.set(
    id,
    setTimeout(() => void save(id), pause_ms),
  );
}

// The first text of a note: what was not saved yet wins over what the server has.
export function openDraft(id: string, saved: string | null): void {
  if (draftStore.get()[id]) return;
  const kept = readPref(`note.${id}`);
  put(id, { text: kept || (saved ?? ''), state: kept ? 'waiting' : 'saved' });
  if (kept) void save(id);
}

export function flushDraft(id: string): void {
  const draft = draftStore.get()[id];
  if (!draft || draft.state === 'saved') return;
  clearTimeout(timers.get(id));
  void save(id);
}

linkStore.subscribe(() => {
  if (linkStore.get().state !== 'up') return;
  for (const [id, draft] of Object.entries(draftStore.get())) if (draft.state === 'failed') void save(id);
});
