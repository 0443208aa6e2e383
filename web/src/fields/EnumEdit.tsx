import { Segmented, Select } from 'antd';
import { labelOf, useLang } from '../i18n';
import type { EditProps } from './types';

const few = 3;

// A few choices that must be made stand side by side; more, or none at all, in a list.
export function EnumEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  useLang();
  const options = (field.choices ?? []).map((each) => ({ value: each.value, label: labelOf(each.label) }));
  if (options.length <= few && !field.nullable && typeof value === 'string') {
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
