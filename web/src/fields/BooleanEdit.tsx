import { Switch } from 'antd';
import { labelOf } from '../i18n';
import type { EditProps } from './types';

export function BooleanEdit({ field, value, id, disabled, onChange }: EditProps) {
  return <Switch id={id} aria-label={labelOf(field.label)} checked={value === true} disabled={disabled} onChange={onChange} />;
}
