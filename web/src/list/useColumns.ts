// Which columns of a list a person wants to see; kept in this browser, list by list.
import { useState } from 'react';
import type { ResourceMeta } from '../api/shapes';
import { readPref, writePref } from '../store/prefs';
import { possible, usualColumns } from './columns';

export interface Columns {
  names: string[];
  own: boolean; // not the usual ones
  choose: (names: string[] | null) => void;
}

function kept(resource: ResourceMeta): string[] | null {
  const known = new Set(possible(resource).map((field) => field.name));
  const names = (readPref(`columns.${resource.plural}`) ?? '').split(',').filter((name) => known.has(name));
  return names.length > 0 ? names : null;
}

export function useColumns(resource: ResourceMeta): Columns {
  const [chosen, setChosen] = useState(() => kept(resource));
  return {
    names: chosen ?? usualColumns(resource),
    own: chosen !== null,
    choose: (names) => {
      setChosen(names);
      writePref(`columns.${resource.plural}`, (names ?? []).join(','));
    },
  };
}
