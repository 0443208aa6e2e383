import { labelOf, useT } from '../i18n';
import { textOf, type ShowProps } from './types';

export function ChoicesShow({ field, value }: ShowProps) {
  const t = useT();
  const names = (Array.isArray(value) ? value : []).map((each) => labelOf(field.choices?.find((choice) => choice.value === each)?.label) || textOf(each));
  return <span className="lx-cut">{names.join(t('field.comma')) || '—'}</span>;
}
