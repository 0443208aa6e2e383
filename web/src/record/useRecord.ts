// A record in a form: read with its version, what was changed in it, saved with that version. Where somebody else was
// first, his version is read beside it.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ask } from '../api/client';
import { asProblem, type FieldError, type Problem } from '../api/problem';
import type { ResourceMeta, Row } from '../api/shapes';
import { changesOf, checkForm, goesWith } from '../fields/check';
import { settled } from './conflict';
import { keepDraft, keptDraft } from './drafts';

type Values = Record<string, unknown>;

export interface RecordState {
  record: Row | undefined;
  values: Values;
  edits: Values;
  errors: FieldError[];
  problem: Problem | null;
  theirs: Row | null; // the newer version, while nothing has been decided
  restored: boolean; // what was typed before stands in it again
  loading: boolean;
  saving: boolean;
  dirty: boolean;
  turn: number; // counts what replaced the values from outside, for editors that keep a text of their own
  change: (name: string, value: unknown) => void;
  save: () => Promise<Row | null>;
  settle: (keepTheirs: ReadonlySet<string>) => Promise<Row | null>;
  act: (action: string, body?: Values) => Promise<Row | null>;
  remove: () => Promise<boolean>;
  reload: () => Promise<void>;
  discard: () => void;
}

function firstValues(resource: ResourceMeta): Values {
  return Object.fromEntries(resource.fields.filter((field) => !field.read_only).map((field) => [field.name, field.default ?? (field.type === 'list' ? [] : undefined)]));
}

interface Versioned {
  record: Row;
  etag: string | null;
}

async function read(path: string, bin = false): Promise<Versioned> {
  const { body, etag } = await ask<Row>(bin ? `${path}?deleted=true` : path);
  return { record: body, etag };
}

export function useRecord(resource: ResourceMeta, id: string | null, given: Values = {}, bin = false): RecordState {
  const path = `/${resource.plural}${id ? `/${id}` : ''}`;
  const [first] = useState<Values>(() => (id ? {} : { ...firstValues(resource), ...given }));
  const [kept] = useState(() => keptDraft(path));
  const [record, setRecord] = useState<Row | undefined>();
  // Not state: whoever saves right after a reload must send the version just read.
  const etag = useRef<string | null>(null);
  const [theirs, setTheirs] = useState<Versioned | null>(null);
  const [turn, setTurn] = useState(0);
  const [edits, setEdits] = useState<Values>({ ...first, ...kept });
  const [restored, setRestored] = useState(kept !== null);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState<'load' | 'save' | null>(id ? 'load' : null);

  const take = (made: Versioned) => {
    setRecord(made.record);
    etag.current = made.etag;
  };
  const replaceEdits = useCallback(
    (made: Values) => {
      setEdits(made);
      setRestored(false);
      setTurn((n) => n + 1);
    },
    [],
  );
  const reload = useCallback(async () => {
    setTheirs(null);
    setProblem(null);
    setErrors([]);
    try {
      take(await read(path));
      replaceEdits({});
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(null);
  }, [path, replaceEdits]);

  useEffect(() => {
    if (!id) return;
    let wanted = true;
    read(path, bin)
      .then(
        (made) => wanted && take(made),
        (error: unknown) => wanted && setProblem(asProblem(error)),
      )
      .finally(() => wanted && setBusy(null));
    return () => {
      wanted = false;
    };
  }, [id, path, bin]);

  const values = { ...record, ...edits };
  const fields = resource.fields.filter((field) => !field.read_only && !(field.create_only && id) && goesWith(field, values));
  const body = changesOf(fields, values, record);
  const changed = Object.keys(edits).length > 0 && (record ? Object.keys(body).length > 0 : JSON.stringify(edits) !== JSON.stringify(first));

  useEffect(() => {
    if (id === null || record) keepDraft(path, changed ? edits : null, resource.fields);
  }, [id, record, path, changed, edits, resource.fields]);

  const refused = async (error: unknown) => {
    const said = asProblem(error);
    setErrors(said.errors);
    if (said.status === 412 && id) {
      const newer = await read(path).catch(() => null);
      setTheirs(newer);
      setProblem(newer ? null : said);
    } else setProblem(said.status === 422 && said.errors.length > 0 ? null : said);
  };
  const write = async (what: Values): Promise<Row | null> => {
    setBusy('save');
    try {
      const answer = await ask<Row>(path, { method: id ? 'PATCH' : 'POST', body: what, etag: id ? etag.current : null });
      take({ record: answer.body, etag: answer.etag });
      setTheirs(null);
      replaceEdits({});
      return answer.body;
    } catch (error) {
      await refused(error);
      return null;
    } finally {
      setBusy(null);
    }
  };
  const save = async (): Promise<Row | null> => {
    const wrong = checkForm(fields, values, !id);
    setErrors(wrong);
    setProblem(null);
    return wrong.length > 0 ? null : write(body);
  };
  const settle = async (keepTheirs: ReadonlySet<string>): Promise<Row | null> => {
    if (!theirs) return null;
    const mine = settled(edits, keepTheirs);
    take(theirs);
    setEdits(mine);
    setTurn((n) => n + 1);
    setTheirs(null);
    const left = changesOf(fields, { ...theirs.record, ...mine }, theirs.record);
    return Object.keys(left).length > 0 ? write(left) : theirs.record;
  };
  const act = async (action: string, with_?: Values): Promise<Row | null> => {
    setBusy('save');
    setProblem(null);
    try {
      await ask(`${path}/${action}`, { method: 'POST', body: with_ ?? {}, etag: etag.current });
      take(await read(path));
      setTurn((n) => n + 1);
      return record ?? null;
    } catch (error) {
      await refused(error);
      return null;
    } finally {
      setBusy(null);
    }
  };
  const remove = async (): Promise<boolean> => {
    setBusy('save');
    try {
      await ask(bin ? `${path}?deleted=true` : path, { method: 'DELETE', etag: etag.current });
      keepDraft(path, null, []);
      return true;
    } catch (error) {
      await refused(error);
      return false;
    } finally {
      setBusy(null);
    }
  };

  return {
    record,
    values,
    edits,
    turn,
    errors,
    problem,
    theirs: theirs?.record ?? null,
    restored,
    loading: busy === 'load',
    saving: busy === 'save',
    dirty: changed,
    change: (name, value) => {
      setEdits((old) => ({ ...old, [name]: value }));
      setErrors((old) => old.filter((error) => error.field.split(/[.[]/)[0] !== name));
    },
    save,
    settle,
    act,
    remove,
    reload,
    discard: () => replaceEdits(first),
  };
}
