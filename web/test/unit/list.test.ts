// A list's arithmetic, its filters in words, and two people at one record.
import { describe, expect, it } from 'vitest';
import type { FieldMeta, ResourceMeta, Row } from '../../src/api/shapes';
import { filtersOf } from '../../src/api/useList';
import { moveTo, nextSort, widthsOf, windowOf } from '../../src/components/dataRows';
import { changeable, outcomeOf, passed, selectionOf, stopped } from '../../src/list/bulk';
import { atHand, filterable, isSet, summary } from '../../src/list/filters';
import { clashesOf, settled } from '../../src/record/conflict';
import { countIn, sectionsOf } from '../../src/record/sections';
import { setLang } from '../../src/store/prefs';

const label = (en: string) => ({ zh: en, en });
const field = (name: string, type: string, more: Partial<FieldMeta> = {}): FieldMeta => ({ name, type, label: label(name), filterable: true, ...more });
const resource = (fields: FieldMeta[], columns: string[] = []): ResourceMeta => ({
  name: 'thing', plural: 'things', label: label('Thing'), labels: label('Things'), area: 'system', title: 'name', sort: 'name', columns, fields,
  rights: { read: true, create: true, update: true, delete: true },
});

describe('rows', () => {
  it('leave spare room to words, then to figures, then to the last', () => {
    const [words, figures, set] = [{ width: 100 }, { width: 50, right: true }, { width: 80, set: true }];
    expect(widthsOf([words, figures, words], 450)).toEqual([200, 50, 200]);
    expect(widthsOf([words, figures, set], 300)).toEqual([170, 50, 80]);
    expect(widthsOf([figures, set], 200)).toEqual([120, 80]);
    expect(widthsOf([set, set], 200)).toEqual([80, 120]);
    expect(widthsOf([words, words], 90)).toEqual([100, 100]);
  });

  it('are drawn only where they are seen, with some to spare', () => {
    expect(windowOf(10, 0, 400, 40)).toEqual({ from: 0, to: 10 });
    expect(windowOf(500, 4000, 400, 40)).toEqual({ from: 94, to: 116 });
    expect(windowOf(500, 20000, 400, 40)).toEqual({ from: 494, to: 500 });
    expect(windowOf(0, 0, 400, 40)).toEqual({ from: 0, to: 0 });
  });

  it('are walked by keys and never left', () => {
    expect(moveTo('ArrowDown', 3, 5, 10)).toBe(4);
    expect(moveTo('ArrowDown', 4, 5, 10)).toBe(4);
    expect(moveTo('PageUp', 4, 50, 10)).toBe(0);
    expect(moveTo('End', 0, 50, 10)).toBe(49);
    expect(moveTo('x', 0, 50, 10)).toBeNull();
    expect(moveTo('ArrowDown', 0, 0, 10)).toBeNull();
  });

  it('are sorted up, down, and as the list has it', () => {
    expect([nextSort(null, 'a'), nextSort('a', 'a'), nextSort('-a', 'a'), nextSort('b', 'a')]).toEqual(['a', '-a', null, 'a']);
  });
});

describe('filters', () => {
  setLang('en');
  const kind = field('kind', 'enum', { choices: [{ value: 'a', label: label('Alpha') }, { value: 'b', label: label('Beta') }] });
  const age = field('age', 'integer');
  const all = resource([field('name', 'string', { filterable: false }), kind, age, field('graph', 'json'), field('note', 'text')], ['name', 'kind']);

  it('are offered by what the server can filter', () => {
    expect(filterable(all).map(({ name }) => name)).toEqual(['kind', 'age', 'created', 'updated']);
    expect(atHand(all, new URLSearchParams(), []).map(({ name }) => name)).toEqual(['kind']);
    expect(atHand(all, new URLSearchParams('age.min=3'), []).map(({ name }) => name)).toEqual(['kind', 'age']);
    expect(atHand(all, new URLSearchParams(), ['updated']).map(({ name }) => name)).toEqual(['kind', 'updated']);
  });

  it('say in words what they are set to', () => {
    const say = (each: FieldMeta, query: string) => summary(each, new URLSearchParams(query), {});
    expect(isSet(kind, new URLSearchParams('age.min=1'))).toBe(false);
    expect(say(kind, '')).toBe('all');
    expect(say(kind, 'kind=a')).toBe('Alpha');
    expect(say(kind, 'kind=a&kind=b')).toBe('Alpha and 1 more');
    expect(say(age, 'age.min=3')).toBe('≥ 3');
    expect(say(age, 'age.min=3&age.max=9')).toBe('3 – 9');
    expect(say(field('wait', 'duration'), 'wait.max=90000')).toBe('≤ 1 min 30 s');
  });

  it('are told apart from what the page alone knows', () => {
    expect(filtersOf(new URLSearchParams('q=x&sort=name&page=2&open=5&kind=a&kind=b'))).toEqual(['q', 'kind']);
  });
});

describe('two people at one record', () => {
  const fields = [field('name', 'string'), field('age', 'integer'), field('note', 'text'), field('password', 'secret')];
  const base: Row = { id: '1', name: 'a', age: 1, note: null };
  const theirs: Row = { id: '1', name: 'b', age: 2, note: null };

  it('are told what the other did, and asked where both wrote', () => {
    const clashes = clashesOf(fields, base, theirs, { name: 'c', note: 'mine' });
    expect(clashes.map(({ field: { name }, both }) => [name, both])).toEqual([['name', true], ['age', false]]);
  });

  it('are not asked where both wrote the same', () => {
    expect(clashesOf(fields, base, theirs, { name: 'b' }).map(({ both }) => both)).toEqual([false, false]);
  });

  it('keep what each chose', () => {
    expect(settled({ name: 'c', note: 'mine' }, new Set(['name']))).toEqual({ note: 'mine' });
  });
});

describe('a long form', () => {
  it('stands in parts, and a part that is one list says how many', () => {
    const routing = label('Routing');
    const long = resource([field('name', 'string'), field('strategy', 'enum', { section: routing }), field('made', 'time', { read_only: true }), field('members', 'list', { section: label('Members') })]);
    const sections = sectionsOf(long, true);
    expect(sections.map(({ key, fields }) => [key, fields.length])).toEqual([['first', 1], ['Routing', 1], ['Members', 1]]);
    expect(sections.map((section) => countIn(section, { members: [1, 2] }))).toEqual([null, null, 2]);
  });
});

describe('many records', () => {
  const seen: Row[] = [{ id: '1', version: 3 }, { id: '2', version: 5 }];

  it('are named by id and version, or by the filter without its order', () => {
    expect(selectionOf(false, ['1', '9'], '?q=x', seen)).toEqual({ ids: [{ id: '1', version: 3 }, { id: '9' }] });
    expect(selectionOf(true, ['1'], '?q=x&tier=gold&tier=silver&sort=-name', seen)).toEqual({ query: { q: ['x'], tier: ['gold', 'silver'] } });
  });

  it('get only what they can share', () => {
    const fields = [field('name', 'string'), field('code', 'string', { unique: true }), field('tier', 'enum'), field('secret', 'secret'), field('tags', 'list', { fields: [field('tag', 'string')] }), field('numbers', 'list', { fields: [field('number', 'phone', { masked: true })] }), field('made', 'time', { read_only: true })];
    expect(changeable(resource(fields)).map(({ name }) => name)).toEqual(['tier', 'tags']);
  });

  it('add up, at once and as a job', () => {
    const counts = { done: 3, conflict: 1, forbidden: 0, refused: 2 };
    const now = outcomeOf({ total: 6, dry: false, counts, items: [] });
    expect([passed(now), stopped(now), now.job]).toEqual([3, 3, null]);
    const job = outcomeOf({ kind: 'bulk', total: 100, counts: { done: 7 } } as unknown as Parameters<typeof outcomeOf>[0]);
    expect([passed(job), stopped(job), job.total]).toEqual([7, 0, 100]);
  });
});
