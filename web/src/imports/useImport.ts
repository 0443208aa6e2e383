// A table that somebody sent, from the file to the records: read from the server, and again when its job has gone on.
import { useCallback, useEffect, useState } from 'react';
import { ask, base, get, queryString } from '../api/client';
import { asProblem, problemOf, type Problem } from '../api/problem';
import type { Label } from '../i18n';
import { isOver, loadJobs, useJob } from '../store/jobs';

export interface Column {
  label: string;
  samples: string[];
  field: string | null;
}

export interface Target {
  name: string;
  label: Label;
  required: boolean;
  list: boolean;
}

export interface Preview {
  format: 'csv' | 'xlsx';
  encoding: string;
  delimiter: string;
  sheets: string[];
  sheet: number;
  head: boolean;
  columns: Column[];
  rows: string[][];
  targets: Target[];
  keys: string[];
}

export interface Plan {
  columns: (string | null)[];
  keys: string[];
  duplicates: 'skip' | 'update' | 'create';
  head: boolean;
  sheet: number;
  encoding: string;
  delimiter: string;
}

export interface Counts {
  rows: number;
  new: number;
  changed: number;
  same: number;
  skipped: number;
  duplicates: number;
  refused: number;
  reasons?: Record<string, number>;
}

export interface Import {
  id: string;
  resource: string;
  file_name: string;
  state: 'uploaded' | 'mapped' | 'checking' | 'checked' | 'running' | 'done' | 'failed' | 'cancelled';
  total: number | null;
  job: string | null;
  message: string | null;
  plan: Plan | null;
  counts: Counts | null;
  preview?: Preview;
}

export async function upload(resource: string, file: File): Promise<Import> {
  const response = await fetch(`${base}/imports${queryString({ resource, name: file.name })}`, { method: 'POST', body: file, credentials: 'same-origin', headers: { 'Content-Type': 'application/octet-stream' } });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Import;
}

export type Look = Partial<Pick<Preview, 'sheet' | 'encoding' | 'delimiter' | 'head'>>;

export function readPreview(id: string, look: Look): Promise<Preview> {
  const asked = Object.entries(look).filter(([, value]) => value !== '' && value !== undefined);
  return get<Preview>(`/imports/${id}/preview${queryString(Object.fromEntries(asked.map(([name, value]) => [name, String(value)])))}`);
}

// The record, with what its file looks like as it was read the last time.
async function readImport(id: string): Promise<Import> {
  const value = await get<Import>(`/imports/${id}`);
  const { plan } = value;
  const look: Look = plan ? { sheet: plan.sheet, encoding: plan.encoding, delimiter: plan.delimiter, head: plan.head } : {};
  return { ...value, preview: await readPreview(id, look) };
}

export interface ImportState {
  value: Import | undefined;
  problem: Problem | null;
  act: (method: 'POST' | 'PUT', path: string, body?: unknown) => Promise<boolean>;
  again: () => void;
}

export function useImport(id: string | null): ImportState {
  const [held, setHeld] = useState<{ id: string | null; value: Import | undefined; problem: Problem | null }>({ id, value: undefined, problem: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!id) return;
    let wanted = true;
    readImport(id).then(
      (value) => wanted && setHeld({ id, value, problem: null }),
      (error: unknown) => wanted && setHeld((old) => ({ ...old, problem: asProblem(error) })),
    );
    return () => {
      wanted = false;
    };
  }, [id, turn]);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  const value = held.id === id ? held.value : undefined;
  const job = useJob(value?.job ?? null);
  const working = value?.state === 'checking' || value?.state === 'running';
  // Its job may have ended before this page knew of it.
  const stale = working && job !== null && isOver(job);
  useEffect(() => {
    if (stale) again();
  }, [stale, value, again]);
  const act = async (method: 'POST' | 'PUT', path: string, body?: unknown): Promise<boolean> => {
    try {
      const { body: made } = await ask<Import>(`/imports/${id}/${path}`, { method, body: body ?? {} });
      setHeld((old) => ({ ...old, value: old.value && { ...old.value, ...made }, problem: null }));
      await loadJobs();
      return true;
    } catch (error) {
      setHeld((old) => ({ ...old, problem: asProblem(error) }));
      return false;
    }
  };
  return { value, problem: held.id === id ? held.problem : null, act, again };
}
