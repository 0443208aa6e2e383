// One act on many records, done by the server: few at once, more as a job. What was refused is told by name, or in the job's file.
import { ask, get } from '../api/client';
import type { BulkAnswer, BulkItem, FieldMeta, ResourceMeta, Row } from '../api/shapes';
import type { Job } from '../api/types';
import { isOver } from '../store/jobs';
import { onJob } from '../store/live';

export type Act = { action: string } | { patch: Record<string, unknown> } | { add: Record<string, unknown> } | { remove: Record<string, unknown> };

export type Selection = { ids: { id: string; version?: number }[] } | { query: Record<string, string[]> };

// What came of it, or would: the same for both ways.
export interface Outcome {
  total: number;
  counts: BulkAnswer['counts'];
  items: BulkItem[];
  job: Job | null;
}

const none: BulkAnswer['counts'] = { done: 0, conflict: 0, forbidden: 0, refused: 0 };

export const passed = ({ counts }: Outcome): number => counts.done;
export const stopped = ({ counts }: Outcome): number => counts.conflict + counts.forbidden + counts.refused;

// The filter of the list without its order; those that are ticked with the version in which they are seen.
export function selectionOf(all: boolean, ids: Iterable<string>, question: string, seen: Row[]): Selection {
  if (!all) {
    const versions = new Map(seen.map((row) => [row.id, row.version]));
    return { ids: [...ids].map((id) => (typeof versions.get(id) === 'number' ? { id, version: versions.get(id) as number } : { id })) };
  }
  const params = new URLSearchParams(question);
  params.delete('sort');
  return { query: Object.fromEntries([...new Set(params.keys())].map((name) => [name, params.getAll(name)])) };
}

export function outcomeOf(answer: BulkAnswer | Job): Outcome {
  if (!('kind' in answer)) return { total: answer.total, counts: answer.counts, items: answer.items, job: null };
  const counts = { ...none, ...((answer.counts ?? {}) as Partial<BulkAnswer['counts']>) };
  return { total: answer.total ?? 0, counts, items: [], job: answer };
}

// Told by the live events; asked now and then too, for a connection may be gone.
async function endOf(first: Job, tell: (outcome: Outcome) => void): Promise<Outcome> {
  let job = first;
  while (!isOver(job)) {
    tell(outcomeOf(job));
    await new Promise<void>((go) => {
      const timer = setTimeout(done, 2000);
      const off = onJob((id) => id === job.id && done());
      function done() {
        clearTimeout(timer);
        off();
        go();
      }
    });
    job = await get<Job>(`/jobs/${job.id}`);
  }
  return outcomeOf(job);
}

export async function runBulk(resource: ResourceMeta, selection: Selection, act: Act, dry: boolean, tell: (outcome: Outcome) => void): Promise<Outcome> {
  const { body } = await ask<BulkAnswer | Job>(`/${resource.plural}/bulk`, { method: 'POST', body: { ...selection, ...act, ...(dry ? { dry } : {}) } });
  return 'kind' in body ? endOf(body, tell) : outcomeOf(body);
}

const never = new Set(['secret', 'json', 'file']);

// Fields that many records can share. Of lists, elements are put in or taken out.
export function changeable(resource: ResourceMeta): FieldMeta[] {
  return resource.fields.filter(
    (field) => !field.read_only && !field.create_only && !field.unique && !field.masked && !never.has(field.type) && field.name !== resource.title && !field.fields?.some((sub) => sub.masked || never.has(sub.type)),
  );
}
