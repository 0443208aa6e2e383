// A reference: searched on the server by typing; the name of the present one comes with the record.
import { Select } from 'antd';
import { useEffect, useState } from 'react';
import { get, queryString } from '../api/client';
import type { Page, Row } from '../api/shapes';
import { labelOf } from '../i18n';
import { titleOf, useResource } from '../store/meta';
import { textOf, type EditProps } from './types';

const pause_ms = 250;

export function RefEdit({ field, value, row, id, invalid, disabled, onChange }: EditProps) {
  const target = useResource(field.ref ?? '');
  const [text, setText] = useState<string | null>(null);
  const [found, setFound] = useState<{ value: string; label: string }[]>([]);
  const [picked, setPicked] = useState<string | null>(null);
  useEffect(() => {
    if (text === null || !field.ref) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      const query = queryString({ q: text || null, limit: 30 });
      get<Page<Row>>(`/${field.ref}${query}`, abort.signal).then(
        (page) => setFound(page.items.map((each) => ({ value: each.id, label: titleOf(target, each) }))),
        () => setFound([]),
      );
    }, pause_ms);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, field.ref, target]);
  const now = textOf(value);
  const known = picked ?? textOf(row?.[field.name] === value ? row?.[`${field.name}_name`] : '');
  const options = now !== '' && !found.some((each) => each.value === now) ? [{ value: now, label: known || now }, ...found] : found;
  return (
    <Select
      id={id}
      className="field-wide"
      aria-label={labelOf(field.label)}
      status={invalid ? 'error' : ''}
      disabled={disabled}
      allowClear={field.nullable !== false && !field.required}
      showSearch={{ filterOption: false, onSearch: setText }}
      onOpenChange={(open) => open && text === null && setText('')}
      options={options}
      value={now === '' ? undefined : now}
      onChange={(made: string | undefined) => {
        setPicked(options.find((each) => each.value === made)?.label ?? null);
        onChange(made ?? null);
      }}
    />
  );
}
