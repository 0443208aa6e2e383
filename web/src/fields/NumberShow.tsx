import { decimal } from '../i18n/format';
import type { ShowProps } from './types';

export function NumberShow({ field, value }: ShowProps) {
  return <span className="lx-nowrap">{decimal(typeof value === 'number' ? value : null, field.digits ?? 0)}</span>;
}
