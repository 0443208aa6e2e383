import { InputNumber } from 'antd';
import { labelOf } from '../i18n';
import { useCurrency } from '../store/meta';
import type { EditProps } from './types';

// The smallest unit of the currency on the wire, whole ones before a person.
export function MoneyEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  const { code, digits } = useCurrency();
  const unit = 10 ** digits;
  return (
    <InputNumber<number>
      id={id}
      aria-label={labelOf(field.label)}
      className="field-wide"
      status={invalid ? 'error' : ''}
      disabled={disabled}
      suffix={code}
      precision={digits}
      value={typeof value === 'number' ? value / unit : null}
      onChange={(amount) => onChange(amount === null ? null : Math.round(amount * unit))}
    />
  );
}
