import { useT } from '../i18n';
import type { ShowProps } from './types';

export function JsonShow({ value }: ShowProps) {
  const t = useT();
  const size = value === null || value === undefined ? 0 : JSON.stringify(value).length;
  return <span className="lx-t3">{size === 0 ? '—' : t('field.json_size', { n: size })}</span>;
}
