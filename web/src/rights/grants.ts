// What a role grants: rights with the scopes of their rows. "All" holds every other scope; "set" names its set.
import type { RightMeta } from '../api/shapes';
import { labelOf } from '../i18n';

export interface Grant {
  id?: string;
  right: string;
  scope: string;
  set?: string | null;
  set_name?: string | null;
}

export const scopes = ['own', 'team', 'teams', 'site', 'all'] as const;

// What a wider scope has within it, so that both need not be granted.
const within: Record<string, string[]> = { team: ['own'], teams: ['own', 'team'], all: ['own', 'team', 'teams', 'site', 'set'] };

export const has = (grants: Grant[], right: string, scope: string): boolean => grants.some((each) => each.right === right && each.scope === scope);

export function impliedBy(grants: Grant[], right: string, scope: string): boolean {
  return grants.some((each) => each.right === right && (within[each.scope] ?? []).includes(scope));
}

export const setsOf = (grants: Grant[], right: string): Grant[] => grants.filter((each) => each.right === right && each.scope === 'set');

// A scope given takes what is within it away; one taken leaves the others.
export function give(grants: Grant[], right: string, scope: string, on: boolean): Grant[] {
  const rest = grants.filter((each) => !(each.right === right && each.scope === scope));
  if (!on) return rest;
  const covered = within[scope] ?? [];
  return [...rest.filter((each) => !(each.right === right && covered.includes(each.scope))), { right, scope, set: null }];
}

export function giveSets(grants: Grant[], right: string, sets: string[]): Grant[] {
  const old = setsOf(grants, right);
  const kept = old.filter((each) => each.set && sets.includes(each.set));
  const fresh = sets.filter((set) => !old.some((each) => each.set === set)).map((set) => ({ right, scope: 'set', set }));
  return [...grants.filter((each) => !old.includes(each)), ...kept, ...fresh];
}

export function giveAll(grants: Grant[], rights: RightMeta[], scope: string, on: boolean): Grant[] {
  return rights.filter((each) => each.scopes.includes(scope)).reduce((all, each) => (on && impliedBy(all, each.name, scope) ? all : give(all, each.name, scope, on)), grants);
}

export interface Group {
  area: string;
  resource: string;
  rights: RightMeta[];
}

export function groupsOf(rights: RightMeta[]): Group[] {
  const groups: Group[] = [];
  for (const right of rights) {
    const known = groups.find((each) => each.resource === right.resource);
    if (known) known.rights.push(right);
    else groups.push({ area: right.area, resource: right.resource, rights: [right] });
  }
  return groups;
}

// The widest of what several grants give, for reading: [scope, names of sets].
export function reachOf(grants: Grant[], right: string): { scopes: string[]; sets: Grant[] } {
  const own = scopes.filter((scope) => has(grants, right, scope) && !impliedBy(grants, right, scope));
  return { scopes: own, sets: impliedBy(grants, right, 'set') ? [] : setsOf(grants, right) };
}

// A right below the name of what it is about, which is not said again.
export function labelBelow({ label }: RightMeta, of: string): string {
  const text = labelOf(label);
  return text.startsWith(`${of}: `) ? text.slice(of.length + 2) : text;
}
