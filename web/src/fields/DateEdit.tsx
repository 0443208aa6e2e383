import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { labelOf } from '../i18n';
import { textOf, type EditProps } from './types';

// A day of the calendar: it has no zone, so it is the same day for every reader.
export function DateEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  const text = textOf(value);
  return (
    <DatePicker
      id={id}
      aria-label={labelOf(field.label)}
      className="field-wide"
      status={invalid ? 'error' : ''}
      disabled={disabled}
      value={text === '' ? null : dayjs(text)}
      onChange={(made) => onChange(made ? made.format('YYYY-MM-DD') : null)}
    />
  );
}
