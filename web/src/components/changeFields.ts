// What a key of the audit trail speaks of: a field, or an element of a list by its id: "skills[81].level", "skills[+0]" (new),
// "skills[82]" (removed), "skills[]" (order).
import type { FieldMeta } from '../api/shapes';
import { labelOf, t, tWord } from '../i18n';

export interface ChangeOf {
  label: string;
  field: FieldMeta;
  element: boolean; // the values are elements of the list
}

const byValue = (name: string, value: unknown): FieldMeta => ({ name, type: typeof value === 'object' && value !== null ? 'json' : 'string' });

export function changeOf(fields: FieldMeta[], key: string, value: unknown): ChangeOf {
  const [, name = key, element, sub] = /^([\w]+)(?:\[([^\]]*)\])?(?:\.(\w+))?$/.exec(key) ?? [];
  const field = fields.find((each) => each.name === name) ?? byValue(name, value);
  const label = labelOf(field.label) || tWord('change', name);
  if (element === undefined) return { label, field, element: false };
  if (element === '') return { label: t('history.order', { name: label }), field: byValue(name, value), element: false };
  if (sub === undefined) return { label, field, element: true };
  const inner = field.fields?.find((each) => each.name === sub) ?? byValue(sub, value);
  return { label: `${label} · ${labelOf(inner.label) || sub}`, field: inner, element: false };
}
