// What a list can be filtered by, and the words of a filter that is set.
import type { FieldMeta, ResourceMeta } from '../api/shapes';
import { labelOf, t } from '../i18n';
import { shortMoment, span } from '../i18n/format';
import { possible } from './columns';

export const spanned = new Set(['integer', 'number', 'money', 'duration', 'time', 'date']);
const usual = new Set(['enum', 'boolean', 'choices']);
const most = 3;

export function filterable(resource: ResourceMeta): FieldMeta[] {
  return possible(resource).filter((field) => field.filterable === true && field.type !== 'list' && field.type !== 'text');
}

export function paramsOf(field: FieldMeta): string[] {
  return spanned.has(field.type) ? [`${field.name}.min`, `${field.name}.max`, field.name] : [field.name];
}

export function isSet(field: FieldMeta, params: URLSearchParams): boolean {
  return paramsOf(field).some((name) => params.has(name));
}

// Choices that stand in the list are offered at once, and whatever is set.
export function atHand(resource: ResourceMeta, params: URLSearchParams, asked: string[]): FieldMeta[] {
  const fields = filterable(resource);
  const first = fields.filter((field) => usual.has(field.type) && resource.columns.includes(field.name)).slice(0, most);
  return fields.filter((field) => first.includes(field) || asked.includes(field.name) || isSet(field, params));
}

export function choicesOf(field: FieldMeta): { value: string; label: string }[] {
  if (field.type === 'boolean') return [{ value: 'true', label: t('field.yes') }, { value: 'false', label: t('field.no') }];
  return (field.choices ?? []).map((each) => ({ value: each.value, label: labelOf(each.label) }));
}

function edge(field: FieldMeta, text: string | null): string {
  if (text === null) return '';
  if (field.type === 'time') return shortMoment(text).slice(0, 11);
  return field.type === 'duration' ? span(Number(text)) : text;
}

export function summary(field: FieldMeta, params: URLSearchParams, names: Record<string, string>): string {
  if (!isSet(field, params)) return t('list.all');
  const from = edge(field, params.get(`${field.name}.min`));
  const to = edge(field, params.get(`${field.name}.max`));
  if (from !== '' && to !== '') return `${from} – ${to}`;
  if (from !== '') return `≥ ${from}`;
  if (to !== '') return `≤ ${to}`;
  const values = params.getAll(field.name);
  const known = choicesOf(field);
  const first = known.find(({ value }) => value === values[0])?.label ?? names[values[0] ?? ''] ?? values[0] ?? '';
  return values.length > 1 ? t('list.and_more', { first, n: values.length - 1 }) : first;
}
