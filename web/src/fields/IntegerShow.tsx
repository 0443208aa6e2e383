import { figure } from '../i18n/format';
import type { ShowProps } from './types';

export function IntegerShow({ value }: ShowProps) {
  return <span>{figure(typeof value === 'number' ? value : null)}</span>;
}
