import { Input } from 'antd';
import { useT } from '../i18n';
import { textOf, type EditProps } from './types';

// Left empty, the old secret stays.
export function SecretEdit({ value, row, id, invalid, disabled, onChange }: EditProps) {
  const t = useT();
  return (
    <Input.Password
      id={id}
      autoComplete="new-password"
      status={invalid ? 'error' : ''}
      disabled={disabled}
      placeholder={row ? t('field.secret_kept') : ''}
      value={textOf(value)}
      onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
    />
  );
}
