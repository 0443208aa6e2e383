import { Segmented, Select } from 'antd';
import type { FieldMeta } from '../api/shapes';
import { labelOf, useLang } from '../i18n';
import type { EditProps } from './types';

const few = 5;
const letters = 30;

const optionsOf = (field: FieldMeta) => (field.choices ?? []).map((each) => ({ value: each.value, label: labelOf(each.label) }));

// How wide a text reads: a Han character is as wide as two letters.
const breadth = (text: string) => [...text].reduce((sum, char) => sum + (char > '\u2e7f' ? 2 : 1), 0);

// A few short choices of which one is always made stand side by side; the rest in a list.
export function isSegmented(field: FieldMeta): boolean {
  const options = optionsOf(field);
  const fit = options.reduce((sum, { label }) => sum + breadth(label), 0) <= (options.length > 3 ? 2 * letters : letters);
  return !field.nullable && options.length <= few && fit;
}

export function EnumEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  useLang();
  const options = optionsOf(field);
  if (isSegmented(field) && typeof value === 'string') {
    return <Segmented block id={id} aria-label={labelOf(field.label)} disabled={disabled} options={options} value={value} onChange={onChange} />;
  }
  return (
    <Select
      id={id}
      className="field-wide"
      aria-label={labelOf(field.label)}
      status={invalid ? 'error' : ''}
      disabled={disabled}
      allowClear={field.nullable === true}
      options={options}
      value={typeof value === 'string' ? value : undefined}
      onChange={(made: string | undefined) => onChange(made ?? null)}
    />
  );
}
