import { InputNumber } from 'antd';
import { labelOf } from '../i18n';
import type { EditProps } from './types';

export function IntegerEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  return (
    <InputNumber<number>
      id={id}
      aria-label={labelOf(field.label)}
      className="field-wide"
      status={invalid ? 'error' : ''}
      disabled={disabled}
      precision={0}
      suffix={labelOf(field.unit) || null}
      value={typeof value === 'number' ? value : null}
      onChange={onChange}
    />
  );
}
