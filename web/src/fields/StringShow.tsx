import { textOf, type ShowProps } from './types';

export function StringShow({ value }: ShowProps) {
  return <span className="lx-cut">{textOf(value) || '—'}</span>;
}
