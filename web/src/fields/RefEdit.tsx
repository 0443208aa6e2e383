// A reference: searched on the server by typing; the name of the present one comes with the record.
import { Select } from 'antd';
import { useState } from 'react';
import { labelOf } from '../i18n';
import { useRefName } from '../store/names';
import { textOf, type EditProps } from './types';
import { useFound } from './useFound';

// The name stands beside the id in the record that was read; of another id it is asked for.
function useNameOf({ field, value, row }: EditProps, picked: string | null): string {
  const now = textOf(value);
  const said = picked ?? textOf(row?.[field.name] === value ? row?.[`${field.name}_name`] : '');
  return useRefName(field.ref ?? '', said === '' && now !== '' ? now : null) ?? (said || now);
}

export function RefEdit(props: EditProps) {
  const { field, value, id, invalid, disabled, onChange } = props;
  const { found, text, setText } = useFound(field.ref ?? '');
  const [picked, setPicked] = useState<string | null>(null);
  const now = textOf(value);
  const name = useNameOf(props, picked);
  const options = now !== '' && !found.some((each) => each.value === now) ? [{ value: now, label: name }, ...found] : found;
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
