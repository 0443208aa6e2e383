// Names of records that are known by id alone; each is read once, in its turn.
import { useEffect } from 'react';
import { get } from '../api/client';
import type { Row } from '../api/shapes';
import { createStore, useStore } from './create';
import { onChanged } from './live';
import { resourceOf, titleOf, useResource } from './meta';

const names = createStore<Record<string, string | null>>({});
const asked = new Set<string>();

async function read(plural: string, id: string): Promise<void> {
  const key = `${plural}/${id}`;
  asked.add(key);
  const name = await get<Row>(`/${key}`).then(
    (row) => titleOf(resourceOf(plural), row),
    () => null,
  );
  names.set((old) => ({ ...old, [key]: name }));
}

onChanged((resource, id) => {
  for (const key of asked) if (key.endsWith(`/${id}`) && key.startsWith(resource)) asked.delete(key);
});

// null: not known yet, or not for this reader.
export function useRefName(plural: string, id: string | null): string | null {
  const may = useResource(plural) !== undefined;
  const key = `${plural}/${id ?? ''}`;
  useEffect(() => {
    if (id && may && !asked.has(key)) void read(plural, id);
  }, [plural, id, may, key]);
  return useStore(names, (all) => all[key]) ?? null;
}
