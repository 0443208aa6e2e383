// Two customers made one: which fields differ, whose value stays, and what comes out; the server does the same.
import type { FieldMeta, ResourceMeta, Row } from '../api/shapes';

export type Side = 'this' | 'other';
export type Sides = Record<string, Side>;

const isNothing = (value: unknown) => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

export interface Pair {
  field: FieldMeta;
  mine: unknown;
  theirs: unknown;
  differs: boolean;
}

// Lists come together and are shown in what comes out alone.
export function pairsOf(resource: ResourceMeta, one: Row, other: Row): Pair[] {
  return resource.fields
    .filter((field) => !field.read_only && field.type !== 'list' && field.type !== 'secret')
    .map((field) => ({ field, mine: one[field.name], theirs: other[field.name], differs: JSON.stringify(one[field.name] ?? null) !== JSON.stringify(other[field.name] ?? null) }))
    .filter(({ mine, theirs }) => !isNothing(mine) || !isNothing(theirs));
}

// What an action alone moves is nobody's choice here.
export const isOpen = ({ field, differs }: Pair): boolean => differs && !field.create_only;

// What is empty here is taken from there, unless somebody says otherwise.
export function sideOf({ field, mine }: Pair, chosen: Sides): Side {
  if (field.create_only) return 'this';
  return chosen[field.name] ?? (mine === null || mine === undefined ? 'other' : 'this');
}

// Elements of both; two of the same number, address or tag are one. Addresses and consents, which begin with their kind, are kept each.
export function joined(field: FieldMeta, one: unknown, other: unknown): Row[] {
  const mine = Array.isArray(one) ? (one as Row[]) : [];
  const theirs = Array.isArray(other) ? (other as Row[]) : [];
  const key = field.fields?.[0]?.name ?? '';
  return [...mine, ...theirs.filter((item) => key === 'kind' || !mine.some((each) => each[key] === item[key]))];
}

export function outcome(resource: ResourceMeta, one: Row, other: Row, chosen: Sides): Row {
  const made: Row = { ...one };
  for (const pair of pairsOf(resource, one, other)) {
    if (sideOf(pair, chosen) === 'other' && pair.theirs !== undefined) {
      made[pair.field.name] = pair.theirs;
      if (pair.field.type === 'ref') made[`${pair.field.name}_name`] = other[`${pair.field.name}_name`];
    }
  }
  // Whoever has bought something is no prospect again.
  if ([one.kind, other.kind].includes('customer')) made.kind = 'customer';
  for (const field of resource.fields) if (field.type === 'list') made[field.name] = joined(field, one[field.name], other[field.name]);
  return made;
}
