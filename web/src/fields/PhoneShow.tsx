import { phoneText } from '../i18n/format';
import { textOf, type ShowProps } from './types';

export function PhoneShow({ value }: ShowProps) {
  return <span className="lx-cut">{phoneText(textOf(value)) || '—'}</span>;
}
