import { textOf, type ShowProps } from './types';

export function DateShow({ value }: ShowProps) {
  return <span className="lx-nowrap">{textOf(value) || '—'}</span>;
}
