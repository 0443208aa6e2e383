// Names and limits of what live values name by id: agents, queues, reasons, results. Read once, again when the server
// says that one of them changed.
import { useEffect } from 'react';
import { get } from '../api/client';
import type { Id, Page, Row } from '../api/shapes';
import { tWord } from '../i18n';
import { createStore, useStore } from './create';
import { onChanged } from './live';
import { langStore } from './prefs';

export type Listed = 'agents' | 'queues' | 'reasons' | 'dispositions';

export interface Entry extends Row {
  name?: string;
  name_en?: string;
  number?: string | number;
  code?: string;
  extension?: string;
  position?: number;
  service_level_ms?: number | null;
}

// Some things have a name in both languages; the rest is called the same in each.
export function entryName(row: Entry | undefined): string | undefined {
  if (!row) return undefined;
  return (langStore.get() === 'en' && row.name_en) || row.name;
}

type Directory = Partial<Record<Listed, Record<Id, Entry>>>;

const directory = createStore<Directory>({});
const asked = new Set<Listed>();
const nothing: Record<Id, Entry> = {};

async function read(plural: Listed): Promise<void> {
  try {
    const page = await get<Page<Entry>>(`/${plural}?limit=500`);
    const table = Object.fromEntries(page.items.map((row) => [row.id, row]));
    directory.set((old) => ({ ...old, [plural]: table }));
  } catch {
    // Without names the ids are shown; the next change or page asks again.
    asked.delete(plural);
  }
}

onChanged((resource) => {
  const plural = `${resource}s` as Listed;
  if (asked.has(plural)) void read(plural);
});

export function forgetDirectory(): void {
  asked.clear();
  directory.set({});
}

export function useDirectory(plural: Listed): Record<Id, Entry> {
  useEffect(() => {
    if (asked.has(plural)) return;
    asked.add(plural);
    void read(plural);
  }, [plural]);
  return useStore(directory, (d) => d[plural]) ?? nothing;
}

export function reasonName(reasons: Record<Id, Entry>, code: string | null | undefined): string {
  if (!code) return '';
  const found = Object.values(reasons).find((row) => row.code === code || row.id === code);
  return entryName(found) ?? tWord('not_ready', code);
}

export function byPosition(rows: Record<Id, Entry>): Entry[] {
  return Object.values(rows).sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
}
