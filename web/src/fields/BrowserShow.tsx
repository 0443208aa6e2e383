import { browserName } from '../components/browserName';
import { textOf, type ShowProps } from './types';

// The few words of a browser's long line about itself; the line is there for who asks.
export function BrowserShow({ value }: ShowProps) {
  const line = textOf(value);
  return (
    <span className="lx-cut" title={line}>
      {browserName(line) || '—'}
    </span>
  );
}
