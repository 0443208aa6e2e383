import { textOf, type ShowProps } from './types';

export function TextShow({ value }: ShowProps) {
  const text = textOf(value);
  return (
    <span className="lx-cut" title={text}>
      {text.split('\n')[0] || '—'}
    </span>
  );
}
