// What a role grants, teams as a tree, and the keys of the audit trail.
import { describe, expect, it } from 'vitest';
import type { FieldMeta, RightMeta, Row } from '../../src/api/shapes';
import { changeOf } from '../../src/components/changeFields';
import { exportQuery } from '../../src/list/exportQuery';
import { branchesOf } from '../../src/pages/teams/tree';
import { give, giveAll, giveSets, groupsOf, has, impliedBy, reachOf, type Grant } from '../../src/rights/grants';
import { setLang } from '../../src/store/prefs';

const label = (en: string) => ({ zh: en, en });
const right = (name: string, scopes: string[]): RightMeta => ({ name, label: label(name), area: 'people', resource: name.split('.')[0] as string, scopes });
const every = ['own', 'team', 'teams', 'site', 'all', 'set'];

describe('grants', () => {
  it('need nothing that a wider scope has', () => {
    const grants = give(give([], 'agent.read', 'own', true), 'agent.read', 'teams', true);
    expect(grants.map(({ scope }) => scope)).toEqual(['teams']);
    expect(impliedBy(grants, 'agent.read', 'team')).toBe(true);
    expect(impliedBy(grants, 'agent.read', 'site')).toBe(false);
  });

  it('of another right are left alone', () => {
    const grants: Grant[] = [{ right: 'agent.read', scope: 'all' }, { right: 'agent.update', scope: 'own' }];
    expect(give(grants, 'agent.read', 'all', false)).toEqual([{ right: 'agent.update', scope: 'own' }]);
  });

  it('are given to all rights of a resource that know the scope', () => {
    const rights = [right('skill.read', ['all']), right('agent.read', every), right('agent.update', every)];
    const grants = giveAll([{ right: 'agent.read', scope: 'all' }], rights, 'team', true);
    expect(has(grants, 'skill.read', 'team')).toBe(false);
    expect(has(grants, 'agent.read', 'team')).toBe(false); // has it within "all"
    expect(has(grants, 'agent.update', 'team')).toBe(true);
    expect(groupsOf(rights).map(({ resource, rights: of }) => [resource, of.length])).toEqual([['skill', 1], ['agent', 2]]);
  });

  it('for named sets keep their elements', () => {
    const old: Grant[] = [{ id: '1', right: 'agent.read', scope: 'set', set: '7' }];
    const made = giveSets(old, 'agent.read', ['7', '8']);
    expect(made).toEqual([{ id: '1', right: 'agent.read', scope: 'set', set: '7' }, { right: 'agent.read', scope: 'set', set: '8' }]);
    expect(reachOf(made, 'agent.read').sets).toHaveLength(2);
    expect(reachOf([...made, { right: 'agent.read', scope: 'all' }], 'agent.read')).toEqual({ scopes: ['all'], sets: [] });
  });
});

describe('teams', () => {
  const team = (id: string, name: string, parent: string | null): Row => ({ id, name, parent });
  const rows = [team('3', 'c', '2'), team('2', 'b', '1'), team('1', 'a', null), team('9', 'z', '404')];

  it('stand below the one above them, strangers at the top', () => {
    expect(branchesOf(rows, new Set()).map(({ row, depth, below }) => [row.id, depth, below])).toEqual([['1', 0, 1], ['2', 1, 1], ['3', 2, 0], ['9', 0, 0]]);
  });

  it('are folded with all that is below', () => {
    expect(branchesOf(rows, new Set(['1'])).map(({ row }) => row.id)).toEqual(['1', '9']);
  });
});

describe('a key of the trail', () => {
  setLang('en');
  const fields: FieldMeta[] = [
    { name: 'name', type: 'string', label: label('Name') },
    { name: 'skills', type: 'list', label: label('Skills'), fields: [{ name: 'level', type: 'integer', label: label('Level') }] },
  ];
  const of = (key: string, value: unknown = 1) => changeOf(fields, key, value);

  it('is a field, an element, a field of an element, or an order', () => {
    expect(of('name')).toMatchObject({ label: 'Name', element: false });
    expect(of('skills[81].level')).toMatchObject({ label: 'Skills · Level', element: false, field: { type: 'integer' } });
    expect(of('skills[+0]', {})).toMatchObject({ label: 'Skills', element: true });
    expect(of('skills[]', ['1'])).toMatchObject({ label: 'Order of Skills', field: { type: 'json' } });
    expect(of('gone')).toMatchObject({ label: 'gone', field: { type: 'string' } });
  });
});

describe('an export', () => {
  it('asks what the list asks', () => {
    expect(exportQuery('?q=wang&tier=gold&tier=silver&age.min=3&sort=-name')).toEqual({ q: 'wang', tier: ['gold', 'silver'], 'age.min': ['3'], sort: '-name' });
  });
});
