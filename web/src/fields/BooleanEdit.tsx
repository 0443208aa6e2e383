import { Switch } from 'antd';
import type { EditProps } from './types';

export function BooleanEdit({ value, id, disabled, onChange }: EditProps) {
  return <Switch id={id} checked={value === true} disabled={disabled} onChange={onChange} />;
}
