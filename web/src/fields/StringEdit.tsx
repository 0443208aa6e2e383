import { Input } from 'antd';
import { labelOf } from '../i18n';
import { textOf, type EditProps } from './types';

export function StringEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  const empty = field.nullable ? null : '';
  return (
    <Input
      id={id}
      aria-label={labelOf(field.label)}
      status={invalid ? 'error' : ''}
      disabled={disabled}
      {...(field.max ? { maxLength: field.max } : {})}
      value={textOf(value)}
      onChange={(event) => onChange(event.target.value === '' ? empty : event.target.value)}
    />
  );
}
