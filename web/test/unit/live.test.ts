import { describe, expect, it } from 'vitest';
import type { AgentLive, CallLive, QueueLive } from '../../src/api/shapes';
import { byTrouble, sumsOf, waitersOf, type Standing } from '../../src/pages/floor/figures';
import { applyLive, type Live } from '../../src/store/live';

const agent = (state: AgentLive['state'], since = 1000): AgentLive => ({ state, reason: null, since, interaction: null, phone: true });
const queue = (waiting: number, longest_since: number | null): QueueLive => ({ waiting, longest_since, ready: 0, busy: 0, not_ready: 0, expected_wait_ms: null });
const call = (phase: CallLive['phase'], since: number): CallLive => ({ direction: 'inbound', from: '1', to: '2', phase, since, started: since });
const start: Live = { known: false, switchUp: true, agents: {}, queues: {}, calls: {} };

describe('live values', () => {
  it('begin with a snapshot and follow changes', () => {
    let live = applyLive(start, { topic: 'snapshot', switch: true, agents: { 1: agent('ready') }, queues: {}, calls: {} });
    expect(live.known).toBe(true);
    live = applyLive(live, { topic: 'agent', id: '1', value: agent('on_contact') });
    expect(live.agents['1']?.state).toBe('on_contact');
    live = applyLive(live, { topic: 'agent', id: '1', value: null });
    expect(live.agents).toEqual({});
  });

  it('are void while the switch is away', () => {
    const live = applyLive({ ...start, known: true, agents: { 1: agent('ready') } }, { topic: 'switch', value: false });
    expect(live).toEqual({ known: true, switchUp: false, agents: {}, queues: {}, calls: {} });
  });

  it('leave other parts untouched, so that nothing else redraws', () => {
    const live = applyLive(start, { topic: 'queue', id: '5', value: queue(1, 5) });
    expect(live.agents).toBe(start.agents);
  });
});

describe('the floor', () => {
  it('sums what waits and who works', () => {
    const sums = sumsOf({ 1: agent('ready'), 2: agent('on_contact'), 3: agent('offline') }, { 5: queue(2, 900), 6: queue(1, 400), 7: queue(0, null) }, { 9: call('talking', 1), 10: call('queued', 2) });
    expect(sums).toEqual({ waiting: 3, longest_since: 400, talking: 1, ready: 1, busy: 1, signedIn: 2 });
  });

  it('puts those beyond their limit first', () => {
    const make = (id: string, level: Standing['level'], state: AgentLive['state']): Standing => ({ id, level, live: agent(state) });
    const order = [make('a', 'none', 'ready'), make('b', 'over', 'not_ready'), make('c', 'near', 'wrap_up'), make('d', 'ok', 'on_contact')].sort(byTrouble).map((s) => s.id);
    expect(order).toEqual(['b', 'c', 'd', 'a']);
  });

  it('lists the longest waiting first', () => {
    expect(waitersOf({ a: call('queued', 50), b: call('talking', 1), c: call('queued', 20) }).map(([id]) => id)).toEqual(['c', 'a']);
  });
});
