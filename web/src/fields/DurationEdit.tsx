import { InputNumber } from 'antd';
import { labelOf, useT } from '../i18n';
import { scaleOf, type EditProps } from './types';

// Milliseconds on the wire, seconds or minutes before a person.
export function DurationEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  const t = useT();
  const scale = scaleOf(field);
  return (
    <InputNumber<number>
      id={id}
      aria-label={labelOf(field.label)}
      className="field-wide"
      status={invalid ? 'error' : ''}
      disabled={disabled}
      suffix={labelOf(field.unit) || t('field.seconds')}
      value={typeof value === 'number' ? value / scale : null}
      onChange={(shown) => onChange(shown === null ? null : Math.round(shown * scale))}
    />
  );
}
