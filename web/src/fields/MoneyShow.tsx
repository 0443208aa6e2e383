import { money } from '../i18n/format';
import { useCurrency } from '../store/meta';
import type { ShowProps } from './types';

export function MoneyShow({ value }: ShowProps) {
  const currency = useCurrency();
  return <span className="lx-nowrap">{money(typeof value === 'number' ? value : null, currency)}</span>;
}
