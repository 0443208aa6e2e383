import { InputNumber } from 'antd';
import { labelOf, useT } from '../i18n';
import type { EditProps } from './types';

// Milliseconds on the wire, seconds before a person.
export function DurationEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  const t = useT();
  return (
    <InputNumber<number>
      id={id}
      aria-label={labelOf(field.label)}
      className="field-wide"
      status={invalid ? 'error' : ''}
      disabled={disabled}
      suffix={t('field.seconds')}
      value={typeof value === 'number' ? value / 1000 : null}
      onChange={(seconds) => onChange(seconds === null ? null : Math.round(seconds * 1000))}
    />
  );
}
