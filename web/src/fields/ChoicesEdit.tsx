import { Select } from 'antd';
import { labelOf, useLang } from '../i18n';
import type { EditProps } from './types';

export function ChoicesEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  useLang();
  return (
    <Select
      id={id}
      mode="multiple"
      className="field-wide"
      aria-label={labelOf(field.label)}
      status={invalid ? 'error' : ''}
      disabled={disabled}
      allowClear
      optionFilterProp="label"
      options={(field.choices ?? []).map((each) => ({ value: each.value, label: labelOf(each.label) }))}
      value={Array.isArray(value) ? (value as string[]) : []}
      onChange={(made: string[]) => onChange(made.length === 0 && field.nullable ? null : made)}
    />
  );
}
