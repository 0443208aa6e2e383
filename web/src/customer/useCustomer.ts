// A customer in work: read with its version, changed field by field, read again when somebody else changes it.
import { useCallback, useEffect, useState } from 'react';
import { ask } from '../api/client';
import { asProblem, type FieldError, type Problem } from '../api/problem';
import type { Id, Row } from '../api/shapes';
import { onChanged } from '../store/live';

export type Customer = Row & { name?: string; tier?: string | null };

export interface CustomerState {
  id: Id;
  value: Customer | undefined;
  problem: Problem | null;
  again: () => void;
  // What was wrong with it; null when it is saved.
  save: (changes: Record<string, unknown>) => Promise<FieldError[] | null>;
  act: (action: string, body?: Record<string, unknown>) => Promise<Problem | null>;
}

interface Held {
  value: Customer | undefined;
  etag: string | null;
  problem: Problem | null;
}

const nothing: Held = { value: undefined, etag: null, problem: null };

export function useCustomer(id: Id): CustomerState {
  const [held, setHeld] = useState<Held>(nothing);
  const [turn, setTurn] = useState(0);
  const path = `/customers/${id}`;
  useEffect(() => {
    const abort = new AbortController();
    ask<Customer>(path, { signal: abort.signal }).then(
      ({ body, etag }) => setHeld({ value: body, etag, problem: null }),
      (error: unknown) => !abort.signal.aborted && setHeld((old) => ({ ...old, problem: asProblem(error) })),
    );
    return () => abort.abort();
  }, [path, turn]);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  useEffect(() => onChanged((resource, changed) => resource === 'customer' && changed === id && again()), [id, again]);
  return {
    id,
    value: held.value,
    problem: held.problem,
    again,
    save: async (changes) => {
      try {
        const { body, etag } = await ask<Customer>(path, { method: 'PATCH', body: changes, etag: held.etag });
        setHeld({ value: body, etag, problem: null });
        return null;
      } catch (error) {
        const refused = asProblem(error);
        if (refused.errors.length > 0) return refused.errors;
        if (refused.status === 412) again();
        return [{ field: Object.keys(changes)[0] ?? '', code: refused.status === 412 ? 'newer' : 'refused', message: refused.message }];
      }
    },
    act: async (action, body = {}) => {
      try {
        await ask(`${path}/${action}`, { method: 'POST', body, etag: held.etag });
        again();
        return null;
      } catch (error) {
        return asProblem(error);
      }
    },
  };
}
