import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { textOf, type EditProps } from './types';

export function TimeEdit({ value, id, invalid, disabled, onChange }: EditProps) {
  const text = textOf(value);
  return (
    <DatePicker
      id={id}
      className="field-wide"
      showTime
      status={invalid ? 'error' : ''}
      disabled={disabled}
      value={text === '' ? null : dayjs(text)}
      onChange={(made) => onChange(made ? made.toISOString() : null)}
    />
  );
}
