import type { Row } from '../api/shapes';
import { useT } from '../i18n';
import { phoneText } from '../i18n/format';
import { textOf, type ShowProps } from './types';

const shown = 3;

// The first three elements by their first field, and how many more there are.
export function ListShow({ field, value }: ShowProps) {
  const t = useT();
  const items = Array.isArray(value) ? (value as Row[]) : [];
  const first = field.fields?.[0];
  if (items.length === 0 || !first) return <span>—</span>;
  const said = (item: Row) => textOf(item[`${first.name}_name`] ?? item[first.name]);
  const names = items.slice(0, shown).map((item) => (first.type === 'phone' ? phoneText(said(item)) : said(item)));
  return (
    <span className="lx-cut">
      {names.join(t('field.comma'))}
      {items.length > shown && <span className="lx-t3"> +{items.length - shown}</span>}
    </span>
  );
}
