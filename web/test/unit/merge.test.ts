// Two customers made one: what is shown before is what the server makes of them.
import { expect, it } from 'vitest';
import type { FieldMeta, ResourceMeta, Row } from '../../src/api/shapes';
import { isOpen, outcome, pairsOf } from '../../src/customer/mergeRows';

const field = (name: string, more: Partial<FieldMeta> = {}) => ({ name, type: 'string', label: { zh: name, en: name }, ...more }) as FieldMeta;
const customers = { fields: [field('name'), field('kind', { type: 'enum', create_only: true }), field('note')] } as ResourceMeta;
const one: Row = { id: '1', name: 'Ann', kind: 'prospect', note: null };
const other: Row = { id: '2', name: 'Anne', kind: 'customer', note: 'calls on Mondays' };

it('is a customer as soon as one of them is', () => {
  expect(outcome(customers, one, other, {}).kind).toBe('customer');
  expect(outcome(customers, other, one, { kind: 'other' }).kind).toBe('customer');
  expect(outcome(customers, one, { ...other, kind: 'prospect' }, {}).kind).toBe('prospect');
  expect(pairsOf(customers, one, other).filter(isOpen).map((pair) => pair.field.name)).toEqual(['name', 'note']);
});

it('takes what is empty here from there', () => {
  expect(outcome(customers, one, other, {})).toMatchObject({ id: '1', name: 'Ann', note: 'calls on Mondays' });
  expect(outcome(customers, one, other, { name: 'other', note: 'this' })).toMatchObject({ name: 'Anne', note: null });
});
