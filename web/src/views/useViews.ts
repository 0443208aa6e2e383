// The views of one list that this person may choose: his own, and those that others share. Kept while the page lives, read
// anew whenever the list is opened or one of them changes.
import { useCallback, useEffect } from 'react';
import { get, queryString } from '../api/client';
import type { Page } from '../api/shapes';
import type { View } from '../api/types';
import { createStore, useStore } from '../store/create';
import { onChanged } from '../store/live';
import { setPreference, usePreference } from '../store/preferences';
import { sessionStore } from '../store/session';

const kept = createStore<Record<string, View[]>>({});
const most = 200;
export const plainList = 'all';

sessionStore.subscribe(() => {
  if (!sessionStore.get().session) kept.set({});
});

async function read(plural: string): Promise<View[]> {
  const owner = sessionStore.get().session?.user.id ?? '';
  const ask = (more: Record<string, string | string[]>) => get<Page<View>>(`/views${queryString({ resource: plural, sort: 'position', limit: most, ...more })}`);
  const [own, shared] = await Promise.all([ask({ owner }), ask({ shared: ['team', 'all'] })]);
  return [...own.items, ...shared.items.filter((view) => view.owner !== owner)];
}

export interface Views {
  list: View[];
  own: View[];
  shared: View[];
  known: boolean;
  usual: string | null; // the view that this list opens with
  mine: string | undefined; // which one the person has chosen for that
  setUsual: (id: string | undefined) => void;
  again: () => Promise<void>;
}

export function useViews(plural: string): Views {
  const all = useStore(kept, (each) => each[plural]);
  const preference = usePreference(`list.${plural}`);
  const owner = sessionStore.get().session?.user.id;
  const again = useCallback(async () => {
    // Without them the list is still a list.
    const views = await read(plural).catch(() => kept.get()[plural] ?? []);
    kept.set((old) => ({ ...old, [plural]: views }));
  }, [plural]);
  useEffect(() => {
    void again();
    return onChanged((changed) => void (changed === 'view' && again()));
  }, [again]);
  const list = all ?? [];
  const mine = typeof preference?.view === 'string' ? preference.view : undefined;
  const chosen = mine === undefined ? list.find((view) => view.standard && view.shared !== 'nobody')?.id : list.find(({ id }) => id === mine)?.id;
  return {
    list,
    own: list.filter((view) => view.owner === owner),
    shared: list.filter((view) => view.owner !== owner),
    known: all !== undefined && preference !== null,
    usual: chosen ?? null,
    mine,
    setUsual: (id) => {
      setPreference(`list.${plural}`, { ...preference, view: id });
    },
    again,
  };
}
