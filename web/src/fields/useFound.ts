// Records of a collection found by what is typed, as options of a list.
import { useEffect, useState } from 'react';
import { get, queryString } from '../api/client';
import type { Page, Row } from '../api/shapes';
import { titleOf, useResource } from '../store/meta';

const pause_ms = 200;
const limit = 30;

export interface Option {
  value: string;
  label: string;
}

export function useFound(plural: string): { found: Option[]; text: string | null; setText: (text: string) => void } {
  const target = useResource(plural);
  const [text, setText] = useState<string | null>(null);
  const [found, setFound] = useState<Option[]>([]);
  useEffect(() => {
    if (text === null || plural === '') return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      get<Page<Row>>(`/${plural}${queryString({ q: text || null, limit })}`, abort.signal).then(
        (page) => setFound(page.items.map((each) => ({ value: each.id, label: titleOf(target, each) }))),
        () => setFound([]),
      );
    }, text === '' ? 0 : pause_ms);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, plural, target]);
  return { found, text, setText };
}
