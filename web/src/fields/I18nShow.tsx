import { useLang } from '../i18n';
import { textIn, type ShowProps } from './types';

export function I18nShow({ value }: ShowProps) {
  return <span className="lx-cut">{textIn(value, useLang()) || '—'}</span>;
}
