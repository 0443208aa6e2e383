// What differs between two JSON objects, member by member; of a member that holds things by name (the steps of a flow),
// which are new, gone or changed, and in what.
type Members = Record<string, unknown>;

export interface JsonPart {
  name: string;
  pair?: [unknown, unknown];
  added: string[];
  removed: string[];
  changed: { name: string; members: string[] }[];
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);

function differing(before: Members, after: Members): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !same(before[name], after[name]));
}

function partOf(name: string, before: unknown, after: unknown): JsonPart {
  const part: JsonPart = { name, added: [], removed: [], changed: [] };
  const [one, two] = [before ?? {}, after ?? {}];
  if (!isMembers(one) || !isMembers(two)) return { ...part, pair: [before, after] };
  for (const each of differing(one, two)) {
    const [was, is] = [one[each], two[each]];
    if (was === undefined) part.added.push(typeof is === 'object' ? each : `${each} ${String(is)}`);
    else if (is === undefined) part.removed.push(each);
    else part.changed.push({ name: each, members: isMembers(was) && isMembers(is) ? differing(was, is) : [] });
  }
  return part;
}

export function jsonParts(before: unknown, after: unknown): JsonPart[] {
  const [one, two] = [isMembers(before) ? before : {}, isMembers(after) ? after : {}];
  return differing(one, two).map((name) => partOf(name, one[name], two[name]));
}
