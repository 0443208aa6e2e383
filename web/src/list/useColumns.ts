// Which columns a list shows, in which order and how wide. What a person sets is kept for him on the server; while a view
// with columns of its own is open, it is a change of that view until it is saved.
import { useState } from 'react';
import type { ResourceMeta } from '../api/shapes';
import type { View } from '../api/types';
import { setPreference, usePreference } from '../store/preferences';
import { openColumns } from '../views/query';
import { possible, usualColumns } from './columns';

export interface ColumnChoice {
  name: string;
  width: number | null; // null: as usual
}

export interface Columns {
  list: ColumnChoice[];
  names: string[];
  own: boolean; // not the usual ones
  changed: boolean; // against the view that is open
  choose: (names: string[] | null) => void;
  resize: (name: string, width: number | null) => void;
  move: (name: string, by: number) => void;
  forget: () => void; // what was changed against the view
}

function isChoice(each: unknown): each is [string, number | null] {
  return Array.isArray(each) && typeof each[0] === 'string' && (each[1] === null || typeof each[1] === 'number');
}

export function keptColumns(resource: ResourceMeta, kept: unknown): ColumnChoice[] | null {
  const known = new Set(possible(resource).map((field) => field.name));
  const list = Array.isArray(kept) ? kept.filter(isChoice).filter(([name]) => known.has(name)) : [];
  return list.length > 0 ? list.map(([name, width]) => ({ name, width })) : null;
}

export function moved<T>(list: T[], at: number, by: number): T[] {
  const to = at + by;
  const one = list[at];
  if (one === undefined || to < 0 || to >= list.length) return list;
  const rest = list.filter((_, i) => i !== at);
  return [...rest.slice(0, to), one, ...rest.slice(to)];
}

const sameColumns = (a: ColumnChoice[], b: ColumnChoice[]) => JSON.stringify(a) === JSON.stringify(b);

export function useColumns(resource: ResourceMeta, view: View | null): Columns {
  const name = `list.${resource.plural}`;
  const preference = usePreference(name);
  const [draft, setDraft] = useState<{ view: string; list: ColumnChoice[] } | null>(null);
  const usual = usualColumns(resource).map((each): ColumnChoice => ({ name: each, width: null }));
  const own = keptColumns(resource, preference?.columns);
  const ofView = view && (view.columns ?? []).length > 0 ? openColumns(resource, view).names : null;
  const changed = draft !== null && ofView !== null && draft.view === view?.id && !sameColumns(draft.list, ofView);
  const list = (changed ? draft.list : ofView) ?? own ?? usual;
  const set = (made: ColumnChoice[] | null) => {
    if (ofView && view) return setDraft({ view: view.id, list: made ?? usual });
    setPreference(name, { ...preference, columns: made?.map((each) => [each.name, each.width]) });
  };
  return {
    list,
    names: list.map((each) => each.name),
    own: !sameColumns(list, usual),
    changed,
    choose: (names) => set(names && names.map((each) => list.find((one) => one.name === each) ?? { name: each, width: null })),
    resize: (which, width) => set(list.map((each) => (each.name === which ? { ...each, width } : each))),
    move: (which, by) => set(moved(list, list.findIndex((each) => each.name === which), by)),
    forget: () => setDraft(null),
  };
}
