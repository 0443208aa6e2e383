import { span } from '../i18n/format';
import type { ShowProps } from './types';

export function DurationShow({ value }: ShowProps) {
  return <span className="lx-nowrap">{span(typeof value === 'number' ? value : null)}</span>;
}
