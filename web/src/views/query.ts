// A view's conditions and an address: one becomes the other, and what the list does not know any more is told apart.
import type { FieldMeta, ResourceMeta } from '../api/shapes';
import type { View } from '../api/types';
import { labelOf } from '../i18n';
import { filterable, paramsOf } from '../list/filters';
import { possible } from '../list/columns';

export type ViewQuery = Record<string, string | string[]>;

// Of the page alone, no part of what a view says.
const ours = new Set(['page', 'open', 'tab', 'view']);

export function queryOf(params: URLSearchParams): ViewQuery {
  const query: ViewQuery = {};
  for (const name of [...new Set(params.keys())].sort()) {
    if (!ours.has(name)) query[name] = params.getAll(name);
  }
  return query;
}

const valuesOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []);

function plain(query: ViewQuery): string {
  return JSON.stringify(Object.keys(query).sort().map((name) => [name, valuesOf(query[name])]));
}

export function sameQuery(a: ViewQuery, b: ViewQuery): boolean {
  return plain(a) === plain(b);
}

// Values of a choice that is no choice any more would find nothing, or be refused.
function knownValues(field: FieldMeta, values: string[]): string[] {
  if (!field.choices) return values;
  return values.filter((value) => value === '' || field.choices?.some((each) => each.value === value));
}

export interface Opened {
  query: ViewQuery;
  left: string[]; // names of what was left out
}

function fieldOf(resource: ResourceMeta, param: string): FieldMeta | undefined {
  return filterable(resource).find((field) => paramsOf(field).includes(param));
}

function isKnown(resource: ResourceMeta, name: string, values: string[]): boolean {
  if (name === 'q') return resource.fields.some(({ search }) => search === true);
  if (name === 'deleted') return resource.rights.restore === true;
  if (name === 'sort') return values.every((each) => possible(resource).some((field) => field.sortable === true && field.name === each.replace(/^-/, '')));
  return fieldOf(resource, name) !== undefined;
}

export function openQuery(resource: ResourceMeta, query: ViewQuery): Opened {
  const opened: Opened = { query: {}, left: [] };
  for (const [name, value] of Object.entries(query)) {
    const values = valuesOf(value);
    const field = fieldOf(resource, name);
    const known = field ? knownValues(field, values) : values;
    if (!isKnown(resource, name, values) || (known.length === 0 && values.length > 0)) opened.left.push(field ? labelOf(field.label) : name.replace(/\.(min|max)$/, ''));
    else opened.query[name] = known;
  }
  return opened;
}

export function openColumns(resource: ResourceMeta, view: View): { names: { name: string; width: number | null }[]; left: string[] } {
  const known = new Set(possible(resource).map(({ name }) => name));
  const all = (view.columns ?? []).map(({ name, width }) => ({ name, width: width ?? null }));
  return { names: all.filter(({ name }) => known.has(name)), left: all.filter(({ name }) => !known.has(name)).map(({ name }) => name) };
}

export function paramsOfView(opened: Opened, id: string): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(opened.query)) for (const each of valuesOf(value)) params.append(name, each);
  params.set('view', id);
  return params;
}
