import { textOf, type ShowProps } from './types';

export function RefShow({ field, value, row }: ShowProps) {
  const name = textOf(row[`${field.name}_name`]);
  return <span className="lx-cut">{name || textOf(value) || '—'}</span>;
}
