// A page of a collection: filter, sort and page run on the server, and stand in the address, so that a list comes back
// as it was left. The server pages by cursor; the cursors met so far are kept per question.
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { queryString } from './client';
import type { Page } from './shapes';
import { readPref, writePref } from '../store/prefs';
import { useLoad, type Load } from './useLoad';

const cursors = new Map<string, (string | null)[]>();
// The first page of a question says how many there are; the pages behind a cursor do not.
const totals = new Map<string, number>();

export interface ListState<T> {
  load: Load<Page<T>>;
  params: URLSearchParams;
  question: string; // what is asked, as it stands in an address: filters, search, sort
  page: number;
  limit: number;
  total: number;
  sort: string | null;
  setFilter: (changes: Record<string, string | string[] | null>) => void;
  replace: (query: URLSearchParams) => void;
  setSort: (sort: string | null) => void;
  setPage: (page: number) => void;
  setLimit: (limit: number) => void;
  setOpen: (id: string | null) => void;
}

// Of the page alone: the server is not asked with them.
const ours = new Set(['page', 'open', 'tab', 'view']);

function questionOf(params: URLSearchParams, sort: string | null): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const name of new Set(params.keys())) {
    if (!ours.has(name)) query[name] = params.getAll(name);
  }
  if (sort) query.sort = [sort];
  return query;
}

// What narrows the list, beside its order.
export function filtersOf(params: URLSearchParams): string[] {
  return [...new Set(params.keys())].filter((name) => !ours.has(name) && name !== 'sort');
}

function remember(key: string, page: number, { total, next }: Page<unknown>): void {
  const known = cursors.get(key) ?? [null];
  if (total !== null) totals.set(key, total);
  if (next && known.length === page + 1) cursors.set(key, [...known, next]);
}

const usualLimit = 50;

function useLimit(): [number, (limit: number) => void] {
  const [limit, setLimit] = useState(() => Number(readPref('list.limit')) || usualLimit);
  return [
    limit,
    (made) => {
      setLimit(made);
      writePref('list.limit', String(made));
    },
  ];
}

function usePlace(plural: string, firstSort: string | null, limit: number) {
  const [params, setParams] = useSearchParams();
  const sort = params.get('sort') ?? firstSort;
  const question = queryString(questionOf(params, sort));
  const key = `${plural}${question}&${limit}`;
  const known = cursors.get(key) ?? [null];
  const page = Math.min(Math.max(0, Number(params.get('page') ?? 0) || 0), known.length - 1);
  return { params, setParams, sort, question, key, page, cursor: known[page] ?? null };
}

export function useList<T>(plural: string, firstSort: string | null = null, fields: string | null = null): ListState<T> {
  const [limit, setLimit] = useLimit();
  const { params, setParams, sort, question, key, page, cursor } = usePlace(plural, firstSort, limit);
  const extra = queryString({ limit, cursor, fields }).slice(1);
  const path = `/${plural}${question === '' ? '?' : `${question}&`}${extra}`;
  const load = useLoad<Page<T>>(path);
  if (!load.loading && load.value && load.path === path) remember(key, page, load.value);
  const total = totals.get(key) ?? load.value?.items.length ?? 0;

  return useMemo(() => {
    const change = (edit: (p: URLSearchParams) => void) =>
      setParams(
        (old) => {
          const made = new URLSearchParams(old);
          edit(made);
          return made;
        },
        { replace: true },
      );
    return {
      load,
      params,
      question,
      page,
      limit,
      total,
      sort,
      setFilter: (changes) =>
        change((p) => {
          p.delete('page');
          for (const [name, value] of Object.entries(changes)) {
            p.delete(name);
            for (const each of Array.isArray(value) ? value : [value]) if (each !== null && each !== '') p.append(name, each);
          }
          // What is left without a condition is the plain list and no view any more.
          if (filtersOf(p).length === 0 && !p.has('sort')) p.delete('view');
        }),
      replace: (query) => setParams(query, { replace: true }),
      setSort: (made) =>
        change((p) => {
          p.delete('page');
          if (made) p.set('sort', made);
          else p.delete('sort');
        }),
      setOpen: (id) => change((p) => (id === null ? p.delete('open') : p.set('open', id))),
      setPage: (made) => change((p) => (made > 0 ? p.set('page', String(made)) : p.delete('page'))),
      setLimit: (made) => {
        setLimit(made);
        change((p) => p.delete('page'));
      },
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- setLimit is made anew at each turn and means the same
  }, [load, params, page, limit, total, sort, question, setParams]);
}
