// A record in a form: read with its version, what was changed in it, saved with that version.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ask } from '../../api/client';
import { asProblem, type FieldError, type Problem } from '../../api/problem';
import type { ResourceMeta, Row } from '../../api/shapes';
import { changesOf, checkForm } from '../../fields/check';

type Values = Record<string, unknown>;

export interface RecordState {
  record: Row | undefined;
  values: Values;
  errors: FieldError[];
  problem: Problem | null;
  conflict: boolean;
  loading: boolean;
  saving: boolean;
  dirty: boolean;
  turn: number; // counts what replaced the values from outside, for editors that keep a text of their own
  change: (name: string, value: unknown) => void;
  save: () => Promise<string | null>;
  remove: () => Promise<boolean>;
  reload: (keepMine: boolean) => Promise<void>;
}

function firstValues(resource: ResourceMeta): Values {
  return Object.fromEntries(resource.fields.filter((field) => !field.read_only).map((field) => [field.name, field.default ?? (field.type === 'list' ? [] : undefined)]));
}

export function useRecord(resource: ResourceMeta, id: string | null): RecordState {
  const path = `/${resource.plural}${id ? `/${id}` : ''}`;
  const [record, setRecord] = useState<Row | undefined>();
  // Not state: whoever saves right after a reload must send the version just read.
  const etag = useRef<string | null>(null);
  const [turn, setTurn] = useState(0);
  const [edits, setEdits] = useState<Values>(() => (id ? {} : firstValues(resource)));
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState<'load' | 'save' | null>(id ? 'load' : null);
  const fields = resource.fields.filter((field) => !field.read_only && !(field.create_only && id));

  const reload = useCallback(
    async (keepMine: boolean) => {
      try {
        const answer = await ask<Row>(path);
        setRecord(answer.body);
        etag.current = answer.etag;
        if (!keepMine) {
          setEdits({});
          setTurn((n) => n + 1);
        }
        setProblem(null);
        setErrors([]);
      } catch (error) {
        setProblem(asProblem(error));
      }
      setBusy(null);
    },
    [path],
  );
  useEffect(() => {
    if (!id) return;
    let wanted = true;
    ask<Row>(path).then(
      (answer) => {
        if (!wanted) return;
        setRecord(answer.body);
        etag.current = answer.etag;
        setBusy(null);
      },
      (error: unknown) => {
        if (!wanted) return;
        setProblem(asProblem(error));
        setBusy(null);
      },
    );
    return () => {
      wanted = false;
    };
  }, [id, path]);

  const values = { ...record, ...edits };
  const body = changesOf(fields, values, record);

  const save = async (): Promise<string | null> => {
    const wrong = checkForm(fields, values, !id);
    setErrors(wrong);
    setProblem(null);
    if (wrong.length > 0) return null;
    setBusy('save');
    try {
      const answer = await ask<Row>(path, { method: id ? 'PATCH' : 'POST', body, etag: id ? etag.current : null });
      setRecord(answer.body);
      etag.current = answer.etag;
      setEdits({});
      return answer.body.id;
    } catch (error) {
      const refused = asProblem(error);
      setErrors(refused.errors);
      setProblem(refused.status === 422 && refused.errors.length > 0 ? null : refused);
      return null;
    } finally {
      setBusy(null);
    }
  };

  const remove = async (): Promise<boolean> => {
    setBusy('save');
    try {
      await ask(path, { method: 'DELETE', etag: etag.current });
      return true;
    } catch (error) {
      setProblem(asProblem(error));
      return false;
    } finally {
      setBusy(null);
    }
  };

  return {
    record,
    values,
    turn,
    errors,
    problem,
    conflict: problem?.status === 412,
    loading: busy === 'load',
    saving: busy === 'save',
    dirty: Object.keys(record ? body : edits).length > 0 && (record !== undefined || JSON.stringify(edits) !== JSON.stringify(firstValues(resource))),
    change: (name, value) => {
      setEdits((old) => ({ ...old, [name]: value }));
      setErrors((old) => old.filter((error) => error.field.split(/[.[]/)[0] !== name));
    },
    save,
    remove,
    reload,
  };
}
