// A read bound to a component: the old value stays (and is said to be old) while the new one comes or fails.
import { useCallback, useEffect, useRef, useState } from 'react';
import { get } from './client';
import { asProblem, type Problem } from './problem';

export interface Load<T> {
  path: string | null; // whose value this is
  value: T | undefined;
  problem: Problem | undefined;
  loading: boolean;
  at: number;
  again: () => void;
}

interface Held<T> {
  path: string | null;
  value: T | undefined;
  problem: Problem | undefined;
  loading: boolean;
  at: number;
}

export function useLoad<T>(path: string | null): Load<T> {
  const [held, setHeld] = useState<Held<T>>({ path, value: undefined, problem: undefined, loading: path !== null, at: 0 });
  const [turn, setTurn] = useState(0);
  const shown = useRef(path);

  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    const same = shown.current?.split('?')[0] === path.split('?')[0];
    shown.current = path;
    setHeld((old) => ({ ...old, value: same ? old.value : undefined, loading: true }));
    get<T>(path, abort.signal).then(
      (value) => setHeld({ path, value, problem: undefined, loading: false, at: Date.now() }),
      (error: unknown) => {
        if (!abort.signal.aborted) setHeld((old) => ({ ...old, problem: asProblem(error), loading: false }));
      },
    );
    return () => abort.abort();
  }, [path, turn]);

  const again = useCallback(() => setTurn((n) => n + 1), []);
  return { path: held.path, value: held.value, problem: held.problem, loading: held.loading && path !== null, at: held.at, again };
}
