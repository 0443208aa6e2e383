import { labelOf, useLang } from '../i18n';
import { textOf, type ShowProps } from './types';

export function EnumShow({ field, value }: ShowProps) {
  useLang();
  const choice = field.choices?.find((each) => each.value === value);
  return <span>{labelOf(choice?.label) || textOf(value) || '—'}</span>;
}
