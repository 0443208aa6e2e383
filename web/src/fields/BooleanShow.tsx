import { useT } from '../i18n';
import type { ShowProps } from './types';

export function BooleanShow({ value }: ShowProps) {
  const t = useT();
  return <span className={value ? '' : 'lx-t3'}>{value ? t('field.yes') : t('field.no')}</span>;
}
