import { InputNumber } from 'antd';
import type { EditProps } from './types';

export function IntegerEdit({ value, id, invalid, disabled, onChange }: EditProps) {
  return (
    <InputNumber<number>
      id={id}
      className="field-wide"
      status={invalid ? 'error' : ''}
      disabled={disabled}
      precision={0}
      value={typeof value === 'number' ? value : null}
      onChange={onChange}
    />
  );
}
