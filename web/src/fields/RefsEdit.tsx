// A list whose elements are nothing but a reference: members, sets. Chosen as tags; each keeps its element's id.
import { Select } from 'antd';
import { useState } from 'react';
import type { FieldMeta, Row } from '../api/shapes';
import { labelOf } from '../i18n';
import { textOf, type EditProps } from './types';
import { useFound } from './useFound';

// The one reference a list's elements are made of, if that is all they are.
export function onlyRef(field: FieldMeta): FieldMeta | null {
  const own = (field.fields ?? []).filter((sub) => !sub.read_only);
  return own.length === 1 && own[0]?.type === 'ref' ? own[0] : null;
}

const shown = 30;

export function RefsEdit({ field, sub, value, id, invalid, disabled, onChange }: EditProps & { sub: FieldMeta }) {
  const { found, setText } = useFound(sub.ref ?? '');
  const [names, setNames] = useState<Record<string, string>>({});
  const items = Array.isArray(value) ? (value as Row[]) : [];
  const known: Record<string, string> = { ...Object.fromEntries(items.map((item) => [textOf(item[sub.name]), textOf(item[`${sub.name}_name`] ?? names[textOf(item[sub.name])])])), ...names };
  const chosen = items.map((item) => textOf(item[sub.name]));
  const extra = chosen.filter((each) => !found.some(({ value: id_ }) => id_ === each)).map((each) => ({ value: each, label: known[each] || each }));
  return (
    <Select
      mode="multiple"
      id={id}
      className="field-wide"
      aria-label={labelOf(field.label)}
      status={invalid ? 'error' : ''}
      disabled={disabled}
      maxTagCount={shown}
      showSearch={{ filterOption: false, onSearch: setText }}
      onOpenChange={(open) => open && setText('')}
      options={[...found, ...extra]}
      value={chosen}
      onChange={(made: string[], options) => {
        setNames((old) => ({ ...old, ...Object.fromEntries([options].flat().map((each) => [String((each as { value: string }).value), String((each as { label: string }).label)])) }));
        onChange(made.map((each) => items.find((item) => item[sub.name] === each) ?? { [sub.name]: each }));
      }}
    />
  );
}
