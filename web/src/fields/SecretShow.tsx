import type { ShowProps } from './types';

const hidden = '••••••';

// What is written and never read.
export function SecretShow({ field }: ShowProps) {
  return <span className="lx-t3" data-field={field.name}>{hidden}</span>;
}
