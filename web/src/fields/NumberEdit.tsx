import { InputNumber } from 'antd';
import { labelOf } from '../i18n';
import type { EditProps } from './types';

export function NumberEdit({ field, value, id, invalid, disabled, onChange }: EditProps) {
  return (
    <InputNumber<number>
      id={id}
      aria-label={labelOf(field.label)}
      className="field-wide"
      status={invalid ? 'error' : ''}
      disabled={disabled}
      precision={field.digits ?? 0}
      value={typeof value === 'number' ? value : null}
      onChange={onChange}
    />
  );
}
