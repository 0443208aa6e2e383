import { describe, expect, it } from 'vitest';
import { queryString } from '../../src/api/client';
import { Problem } from '../../src/api/problem';
import type { FieldMeta, Row } from '../../src/api/shapes';
import { changesOf, checkForm, errorsOf, errorText, goesWith } from '../../src/fields/check';
import { textIn } from '../../src/fields/types';
import { readJson } from '../../src/fields/JsonEdit';
import { axisTime, clock, decimal, money, span } from '../../src/i18n/format';
import { t } from '../../src/i18n';
import { levelOf } from '../../src/components/Threshold';
import { refusalOf } from '../../src/pages/signin/refusal';
import { setLang } from '../../src/store/prefs';

const field = (name: string, type: string, more: Partial<FieldMeta> = {}): FieldMeta => ({ name, type, label: { zh: name, en: name }, ...more });
const fields = [
  field('name', 'string', { required: true, max: 64 }),
  field('wait_ms', 'duration', { min: 5000, max: 120_000 }),
  field('graph', 'json'),
  field('password', 'secret', { required: true }),
  field('skills', 'list', { fields: [field('skill', 'ref'), field('level', 'integer')] }),
];
const record: Row = { id: '5', name: '订票', wait_ms: 20_000, graph: {}, skills: [{ id: '1', skill: '3', skill_name: '票', level: 5 }] };

describe('a form', () => {
  it('says what is missing, but lets an old secret stay', () => {
    expect(checkForm(fields, { name: '' }, true).map((e) => e.field)).toEqual(['name', 'password']);
    expect(checkForm(fields, { ...record }, false)).toEqual([]);
  });

  it('does not send JSON that cannot be read', () => {
    const { value, wrong } = readJson('{"a": }');
    expect(wrong).not.toBeNull();
    expect(checkForm(fields, { ...record, graph: value }, false).map((e) => e.code)).toEqual(['json']);
    expect(readJson('{"a": 1}')).toEqual({ value: { a: 1 }, wrong: null });
  });

  it('sends only what changed, and lists without the names reading added', () => {
    const skills = [{ id: '1', skill: '3', skill_name: '票', level: 7 }, { skill: '4', level: 1 }];
    expect(changesOf(fields, { ...record, skills }, record)).toEqual({ skills: [{ id: '1', skill: '3', level: 7 }, { skill: '4', level: 1 }] });
    expect(changesOf(fields, { ...record }, record)).toEqual({});
    expect(changesOf(fields, { name: 'x', wait_ms: null }, undefined)).toEqual({ name: 'x' });
  });

  it('shows what goes with the rest of it', () => {
    const choices = field('choices', 'list', { when: { field: 'type', values: ['enum', 'choices'] } });
    expect(goesWith(choices, { type: 'enum' })).toBe(true);
    expect(goesWith(choices, { type: 'date' })).toBe(false);
    expect(goesWith(choices, {})).toBe(false);
    expect(goesWith(fields[0]!, {})).toBe(true);
  });

  it('puts a refusal under its field and says where inside', () => {
    const errors = [{ field: 'skills[1].level', code: 'range', message: '' }, { field: 'name', code: 'taken', message: '' }];
    expect(errorsOf(errors, 'skills')).toHaveLength(1);
    expect(errorText(errors[0]!, fields[4]!)).toContain('[1].level');
    expect(errorText({ field: 'wait_ms', code: 'range', message: '' }, fields[1]!)).toMatch(/5 .*120/);
    expect(errorText({ field: 'name', code: 'strange', message: 'as the server says' }, fields[0]!)).toBe('as the server says');
  });
});

describe('texts of two languages', () => {
  it('are read in the reader\'s own, or as there are', () => {
    const both = { 'zh-CN': '午餐', en: 'Lunch' };
    expect([textIn(both, 'en'), textIn({ 'zh-CN': '午餐' }, 'en'), textIn({ en: 'Lunch' }, 'zh-CN'), textIn(null, 'en')]).toEqual(['Lunch', '午餐', 'Lunch', '']);
  });
});

describe('figures', () => {
  it('keep the digits of their field and of the currency', () => {
    setLang('zh-CN');
    expect([decimal(1234.5, 2), decimal(null, 2)]).toEqual(['1,234.50', '—']);
    expect(money(123456, { code: 'CNY', digits: 2 })).toMatch(/1,234\.56/);
    expect(money(500, { code: 'JPY', digits: 0 })).toMatch(/500$/);
    expect(errorText({ field: 'price', code: 'range', message: '' }, field('price', 'money', { min: 100, max: 5000 }))).toMatch(/1 .*50 /);
    expect(checkForm([field('tags', 'choices', { required: true })], { tags: [] }, true)).toHaveLength(1);
  });

  it('run as people read them', () => {
    expect([clock(134_000), clock(5_200_000), axisTime(252_000)]).toEqual(['02:14', '1:26:40', '4:12']);
    setLang('zh-CN');
    expect([span(368_000), span(45_000), span(600_000), span(null)]).toEqual(['6 分 08 秒', '45 秒', '10 分钟', '—']);
    setLang('en');
    expect(t('list.range', { first: 1, last: 2, total: 3 })).toBe('1–2 of 3');
    setLang('zh-CN');
  });

  it('are near their target from 60 % on', () => {
    expect([levelOf(5, 10), levelOf(6, 10), levelOf(11, 10), levelOf(3, null)]).toEqual(['ok', 'near', 'over', 'none']);
  });
});

describe('a sign-in that is refused', () => {
  it('tells a wrong password from a locked account', () => {
    expect(refusalOf(new Problem(401, 'credentials', '')).title).toBe(t('signin.wrong'));
    const locked = refusalOf(new Problem(429, 'locked', '', [], 300));
    expect(locked.title).toBe(t('signin.locked'));
    expect(locked.text).toContain('5 分钟');
    expect(refusalOf(new Problem(0, 'network', '')).title).toBe(t('error.network'));
  });
});

describe('a query', () => {
  it('repeats a name for several values and leaves out what is not set', () => {
    expect(queryString({ a: ['1', '2'], b: null, c: 'x y' })).toBe('?a=1&a=2&c=x+y');
    expect(queryString({})).toBe('');
  });
});
