import { Input } from 'antd';
import { labelOf } from '../i18n';
import { textOf, type EditProps } from './types';

export function TextEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  const empty = field.nullable ? null : '';
  return (
    <Input.TextArea
      id={id}
      aria-label={labelOf(field.label)}
      status={invalid ? 'error' : ''}
      disabled={disabled}
      autoSize={{ minRows: 2, maxRows: 8 }}
      value={textOf(value)}
      onChange={(event) => onChange(event.target.value === '' ? empty : event.target.value)}
    />
  );
}
