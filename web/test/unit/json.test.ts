import { describe, expect, it } from 'vitest';
import { jsonParts } from '../../src/components/jsonParts';

const before = { start: 'welcome', language: 'zh-CN', nodes: { welcome: { type: 'play', prompts: ['welcome'], next: 'end' }, old: { type: 'wait' }, end: { type: 'hangup' } } };
const after = { start: 'menu', language: 'zh-CN', nodes: { welcome: { type: 'play', prompts: ['hello'], next: 'menu' }, menu: { type: 'menu' }, end: { type: 'hangup' } } };

describe('what changed within JSON', () => {
  it('is told by member, and of steps by name', () => {
    expect(jsonParts(before, after)).toEqual([
      { name: 'start', pair: ['welcome', 'menu'], added: [], removed: [], changed: [] },
      { name: 'nodes', added: ['menu'], removed: ['old'], changed: [{ name: 'welcome', members: ['prompts', 'next'] }] },
    ]);
  });

  it('is everything where there was nothing', () => {
    expect(jsonParts(null, after).map(({ name, added }) => [name, added])).toEqual([
      ['start', []],
      ['language', []],
      ['nodes', ['welcome', 'menu', 'end']],
    ]);
  });

  it('gives the figure with its name', () => {
    expect(jsonParts(null, { reasons: { required: 2 } })[0]?.added).toEqual(['required 2']);
  });

  it('is told of lists as a whole', () => {
    expect(jsonParts({ state: ['open'] }, { state: ['open', 'done'] })[0]?.pair).toEqual([['open'], ['open', 'done']]);
  });
});
