// What a form can say by itself before it asks the server, what it sends, and the words for a refused field.
import type { FieldError } from '../api/problem';
import type { FieldMeta, Row } from '../api/shapes';
import { t, words, type Key } from '../i18n';
import { scaleOf } from './types';
import { currencyNow } from '../store/meta';

const missing = (value: unknown) => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

// Whether a field has a meaning beside what the others say now.
export function goesWith(field: FieldMeta, values: Record<string, unknown>): boolean {
  return !field.when || field.when.values.includes(String(values[field.when.field]));
}

export function checkForm(fields: FieldMeta[], values: Record<string, unknown>, isNew: boolean): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of fields) {
    const value = values[field.name];
    const optional = field.type === 'secret' && !isNew;
    if (field.required && missing(value) && !optional && field.type !== 'list') errors.push({ field: field.name, code: 'required', message: '' });
    else if (field.type === 'json' && typeof value === 'string') errors.push({ field: field.name, code: 'json', message: '' });
  }
  return errors;
}

// Elements of a list go out with the fields that exist; the names that reading added stay here.
export function outgoing(field: FieldMeta, value: unknown): unknown {
  if (field.type !== 'list' || !Array.isArray(value)) return value;
  const names = ['id', ...(field.fields ?? []).map((sub) => sub.name)];
  return (value as Row[]).map((item) => Object.fromEntries(names.filter((name) => item[name] !== undefined).map((name) => [name, item[name]])));
}

// All that a new record has, or what differs from the record that was read.
export function changesOf(fields: FieldMeta[], values: Record<string, unknown>, record: Row | undefined): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.name];
    if (value === undefined || field.read_only) continue;
    if (record && JSON.stringify(value) === JSON.stringify(record[field.name])) continue;
    if (!record && value === null) continue;
    body[field.name] = outgoing(field, value);
  }
  return body;
}

export function errorsOf(errors: FieldError[], field: string): FieldError[] {
  return errors.filter((error) => error.field.split(/[.[]/)[0] === field);
}

function limitsOf(field: FieldMeta): { min: string; max: string } {
  const scale = field.type === 'money' ? 10 ** currencyNow().digits : scaleOf(field);
  const text = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(value / scale));
  return { min: text(field.min), max: text(field.max) };
}

// Under the field: what, why, what is allowed. Where inside a list or a graph comes first.
export function errorText(error: FieldError, field: FieldMeta): string {
  const key = `wrong.${error.code}`;
  const said = key in words ? t(key as Key, { ...limitsOf(field), text: error.message }) : error.message;
  const inside = error.field.slice(field.name.length).replace(/^[.]/, '');
  return inside === '' ? said : t('wrong.inside', { place: inside, text: said });
}
