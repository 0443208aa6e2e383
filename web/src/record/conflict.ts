// Two people changed one record: what each of them did to it, field by field, seen from the version both began with.
import type { FieldMeta, Row } from '../api/shapes';

type Values = Record<string, unknown>;

export interface Clash {
  field: FieldMeta;
  base: unknown;
  theirs: unknown;
  mine: unknown;
  both: boolean; // else they alone changed it
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

export function clashesOf(fields: FieldMeta[], base: Row, theirs: Row, mine: Values): Clash[] {
  return fields
    .filter((field) => field.type !== 'secret' && !same(base[field.name], theirs[field.name]))
    .map((field) => ({ field, base: base[field.name], theirs: theirs[field.name], mine: mine[field.name], both: field.name in mine && !same(mine[field.name], theirs[field.name]) }));
}

// My changes without those where theirs was chosen, over their version.
export function settled(mine: Values, keepTheirs: ReadonlySet<string>): Values {
  return Object.fromEntries(Object.entries(mine).filter(([name]) => !keepTheirs.has(name)));
}
