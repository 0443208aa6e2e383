import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { labelOf } from '../i18n';
import { textOf, type EditProps } from './types';

export function TimeEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  const text = textOf(value);
  return (
    <DatePicker
      id={id}
      aria-label={labelOf(field.label)}
      className="field-wide"
      showTime
      status={invalid ? 'error' : ''}
      disabled={disabled}
      value={text === '' ? null : dayjs(text)}
      onChange={(made) => onChange(made ? made.toISOString() : null)}
    />
  );
}
