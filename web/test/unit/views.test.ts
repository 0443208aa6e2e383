// A view and an address say the same, and what is gone is told apart.
import { describe, expect, it } from 'vitest';
import type { ResourceMeta } from '../../src/api/shapes';
import type { View } from '../../src/api/types';
import { widthsOf } from '../../src/components/dataRows';
import { keptColumns, moved } from '../../src/list/useColumns';
import { openColumns, openQuery, paramsOfView, queryOf, sameQuery } from '../../src/views/query';

const field = (name: string, type: string, more = {}) => ({ name, type, label: { zh: name, en: name }, filterable: true, sortable: true, ...more });
const resource = {
  name: 'customer',
  plural: 'customers',
  columns: ['name', 'tier'],
  rights: { read: true, restore: true, create: true, update: true },
  fields: [field('name', 'string', { search: true }), field('tier', 'enum', { choices: [{ value: 'gold', label: { zh: '金卡', en: 'Gold' } }] }), field('birthday', 'date'), field('note', 'text', { filterable: false, sortable: false })],
} as unknown as ResourceMeta;
const view = (columns: { name: string; width: number | null }[]) => ({ id: '7', columns }) as unknown as View;

describe('a view', () => {
  it('is what the list was asked, without where the reader is in it', () => {
    const query = queryOf(new URLSearchParams('tier=gold&q=li&open=5&page=2&view=9&tab=x&sort=-name'));
    expect(query).toEqual({ q: ['li'], sort: ['-name'], tier: ['gold'] });
    expect(paramsOfView({ query, left: [] }, '7').toString()).toBe('q=li&sort=-name&tier=gold&view=7');
  });

  it('is the same however its values came to be written', () => {
    expect(sameQuery({ q: 'li', tier: ['gold'] }, { tier: 'gold', q: ['li'] })).toBe(true);
    expect(sameQuery({ tier: ['gold'] }, { tier: ['gold', 'x'] })).toBe(false);
  });

  it('opens without what is gone, and says what that was', () => {
    const opened = openQuery(resource, { tier: ['gold', 'platinum'], 'birthday.min': '2026-01-01', 'shoe.max': '5', hat: ['x'], note: 'x', sort: '-shoe', q: 'li', deleted: 'true' });
    expect(opened.query).toEqual({ tier: ['gold'], 'birthday.min': ['2026-01-01'], q: ['li'], deleted: ['true'] });
    expect(opened.left).toEqual(['shoe', 'hat', 'note', 'sort']);
    expect(openQuery(resource, { tier: ['platinum'] })).toEqual({ query: {}, left: ['tier'] });
  });

  it('has its columns in their order, those that are there', () => {
    expect(openColumns(resource, view([{ name: 'tier', width: 90 }, { name: 'hat', width: null }, { name: 'name', width: null }]))).toEqual({
      names: [{ name: 'tier', width: 90 }, { name: 'name', width: null }],
      left: ['hat'],
    });
  });
});

describe('columns', () => {
  it('are kept as far as they are known', () => {
    expect(keptColumns(resource, [['tier', 90], ['hat', 5], 'x', ['name', null]])).toEqual([{ name: 'tier', width: 90 }, { name: 'name', width: null }]);
    expect(keptColumns(resource, undefined)).toBeNull();
    expect(keptColumns(resource, [['hat', 1]])).toBeNull();
  });

  it('move by one and never out of the list', () => {
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
    expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
  });

  it('share the room that nobody has taken', () => {
    expect(widthsOf([{ width: 100 }, { width: 100, set: true }], 400)).toEqual([300, 100]);
    expect(widthsOf([{ width: 100, set: true }, { width: 100, set: true }], 400)).toEqual([100, 300]);
    expect(widthsOf([{ width: 300 }, { width: 300 }], 400)).toEqual([300, 300]);
  });
});
