// One act on many records, one after the other, each as if it were done in its form: with its rights, its checks and its
// row in the trail. What was refused is told by name.
import { ask, get, queryString } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import type { Page, ResourceMeta, Row } from '../api/shapes';
import { titleOf } from '../store/meta';

export type Act = { kind: 'delete' } | { kind: 'restore' } | { kind: 'change'; field: string; value: unknown };

export interface Refusal {
  id: string;
  name: string;
  problem: Problem;
}

export interface Progress {
  done: number;
  total: number;
  refused: Refusal[];
  over: boolean;
}

const page = 500;

// Every record of the filter, by pages.
export async function idsOf(plural: string, question: string, wanted: () => boolean): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const more = queryString({ limit: page, cursor, fields: 'id' }).slice(1);
    const got: Page<Row> = await get<Page<Row>>(`/${plural}${question === '' ? '?' : `${question}&`}${more}`);
    ids.push(...got.items.map(({ id }) => id));
    cursor = got.next;
  } while (cursor && wanted());
  return ids;
}

async function one(plural: string, id: string, act: Act): Promise<void> {
  const path = `/${plural}/${id}`;
  if (act.kind === 'delete') await ask(path, { method: 'DELETE' });
  else if (act.kind === 'restore') await ask(`${path}/restore`, { method: 'POST', body: {} });
  else await ask(path, { method: 'PATCH', body: { [act.field]: act.value } });
}

async function nameOf(resource: ResourceMeta, id: string): Promise<string> {
  return get<Row>(`/${resource.plural}/${id}`).then(
    (row) => titleOf(resource, row),
    () => id,
  );
}

export async function runBulk(resource: ResourceMeta, ids: string[], act: Act, tell: (progress: Progress) => void, wanted: () => boolean): Promise<Progress> {
  let now: Progress = { done: 0, total: ids.length, refused: [], over: false };
  for (const id of ids) {
    if (!wanted()) break;
    try {
      await one(resource.plural, id, act);
    } catch (error) {
      const problem = asProblem(error);
      now = { ...now, refused: [...now.refused, { id, name: await nameOf(resource, id), problem }] };
      if (problem.status === 0 || problem.status === 401) break;
    }
    now = { ...now, done: now.done + 1 };
    tell(now);
  }
  return { ...now, over: true };
}
