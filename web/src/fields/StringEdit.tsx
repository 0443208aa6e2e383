import { Input } from 'antd';
import { textOf, type EditProps } from './types';

export function StringEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  const empty = field.nullable ? null : '';
  return (
    <Input
      id={id}
      status={invalid ? 'error' : ''}
      disabled={disabled}
      {...(field.max ? { maxLength: field.max } : {})}
      value={textOf(value)}
      onChange={(event) => onChange(event.target.value === '' ? empty : event.target.value)}
    />
  );
}
