// Long work of this person: read once, then told by the live events as it goes on.
import { useEffect } from 'react';
import { get, send } from '../api/client';
import type { JobLive, Page } from '../api/shapes';
import type { Job } from '../api/types';
import { createStore, useStore } from './create';
import { onJob } from './live';
import { sessionStore } from './session';

export type JobRow = Job;

interface Jobs {
  rows: JobRow[];
  known: boolean;
}

const shown = 12;
const nothing: Jobs = { rows: [], known: false };
const jobStore = createStore<Jobs>(nothing);
let asked = false;

const over = new Set(['done', 'failed', 'cancelled']);
export const isOver = (job: Pick<JobRow, 'state'>): boolean => over.has(job.state);

export async function loadJobs(): Promise<void> {
  asked = true;
  try {
    const owner = sessionStore.get().session?.user.id ?? '';
    const page = await get<Page<JobRow>>(`/jobs?owner=${owner}&sort=-created&limit=${shown}`);
    jobStore.set({ rows: page.items, known: true });
  } catch {
    asked = false;
  }
}

function told(id: string, value: JobLive): void {
  const { rows } = jobStore.get();
  const old = rows.find((row) => row.id === id);
  // What it has made, and those not seen yet, are in the record alone.
  if (!old || isOver(value)) void loadJobs();
  if (old) jobStore.set((all) => ({ ...all, rows: all.rows.map((row) => (row.id === id ? { ...row, ...value } : row)) }));
}

onJob(told);

sessionStore.subscribe(() => {
  if (sessionStore.get().session) return;
  asked = false;
  jobStore.set(nothing);
});

export function useJobs(): Jobs {
  useEffect(() => {
    if (!asked) void loadJobs();
  }, []);
  return useStore(jobStore);
}

export function useJob(id: string | null): JobRow | null {
  const { rows } = useJobs();
  return rows.find((row) => row.id === id) ?? null;
}

export async function cancelJob(id: string): Promise<void> {
  await send('POST', `/jobs/${id}/cancel`, {});
  await loadJobs();
}
