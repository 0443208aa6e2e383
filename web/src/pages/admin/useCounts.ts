// How many there are of each, for the menu: asked one after another, again when one of them changes.
import { useEffect, useState } from 'react';
import { get } from '../../api/client';
import type { Page, ResourceMeta, Row } from '../../api/shapes';
import { onChanged } from '../../store/live';

type Counts = Record<string, number>;

async function count({ plural }: ResourceMeta): Promise<number | null> {
  return get<Page<Row>>(`/${plural}?limit=1&fields=id`).then(
    ({ total }) => total,
    () => null,
  );
}

export function useCounts(resources: ResourceMeta[]): Counts {
  const [counts, setCounts] = useState<Counts>({});
  const plurals = resources.map(({ plural }) => plural).join();
  useEffect(() => {
    let wanted = true;
    const update = async (each: ResourceMeta) => {
      const n = await count(each);
      if (wanted && n !== null) setCounts((old) => ({ ...old, [each.plural]: n }));
    };
    const all = async () => {
      for (const each of resources) if (wanted) await update(each);
    };
    void all();
    const stop = onChanged((changed) => {
      const each = resources.find(({ name }) => name === changed);
      if (each) void update(each);
    });
    return () => {
      wanted = false;
      stop();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the same plurals are the same resources
  }, [plurals]);
  return counts;
}
