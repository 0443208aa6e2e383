import { describe, expect, it } from 'vitest';
import type { InteractionDetail, Step } from '../../src/api/shapes';
import { lanesOf, marksOf, without } from '../../src/pages/contact/lanes';
import { stepText, withRoles } from '../../src/pages/contact/stepText';

const start = Date.parse('2026-11-20T02:40:00Z');

function contact(steps: Partial<Step>[], more: Partial<InteractionDetail> = {}): InteractionDetail {
  const full = steps.map((step, n) => ({ n, at: new Date(start + (step.offset_ms ?? 0)).toISOString(), offset_ms: 0, kind: '', ...step }));
  const base = { id: '1', started: new Date(start).toISOString(), state: 'ended', recordings: [], legs: [] };
  return { ...base, steps: full, ...more } as unknown as InteractionDetail;
}

const li = { agent: '7', agent_name: '李' };
const call = contact(
  [
    { kind: 'interaction.started' },
    { kind: 'flow.started' },
    { kind: 'flow.step', offset_ms: 4000, node: 'menu', type: 'menu', key: '2' },
    { kind: 'queue.entered', offset_ms: 5000, queue: '5', queue_name: '订票', position: 2 },
    { kind: 'offer.made', offset_ms: 20_000, ...li },
    { kind: 'offer.accepted', offset_ms: 23_000, rang_ms: 3000, ...li },
    { kind: 'queue.left', offset_ms: 23_000, reason: 'answered', waited_ms: 18_000 },
    { kind: 'hold.started', offset_ms: 40_000, ...li },
    { kind: 'hold.ended', offset_ms: 50_000, ...li },
    { kind: 'interaction.ended', offset_ms: 60_000, cause: 'caller_hangup' },
    { kind: 'wrap_up.ended', offset_ms: 72_000, lasted_ms: 12_000, ...li },
  ],
  { recordings: [{ id: '9', started: new Date(start + 23_000).toISOString(), duration_ms: 37_000, state: 'done' }] },
);

const spans = (lane: { kind: string; from: number; to: number }[]) => lane.map(({ kind, from, to }) => [kind, from, to]);

describe('lanes of a contact', () => {
  const lanes = lanesOf(call, 0);

  it('follow the caller from menu to end', () => {
    expect(spans(lanes.caller)).toEqual([
      ['menu', 0, 5000],
      ['queue', 5000, 23_000],
      ['talk', 23_000, 40_000],
      ['music', 40_000, 50_000],
      ['talk', 50_000, 60_000],
    ]);
  });

  it('show what each agent did', () => {
    expect(spans(lanes.agents)).toEqual([
      ['ring', 20_000, 23_000],
      ['talk', 23_000, 40_000],
      ['held', 40_000, 50_000],
      ['talk', 50_000, 60_000],
      ['wrap_up', 60_000, 72_000],
    ]);
  });

  it('show keys and the queue, and where the recording lies', () => {
    expect(lanes.flow.map((s) => s.text)).toEqual(['2']);
    expect(spans(lanes.queue)).toEqual([['queue', 5000, 23_000]]);
    expect(lanes.recording).toEqual({ id: '9', from: 23_000, duration_ms: 37_000 });
    expect(lanes.total_ms).toBe(72_000);
  });

  it('grow while the contact runs', () => {
    const open = contact([{ kind: 'interaction.started' }, { kind: 'queue.entered', offset_ms: 1000 }], { state: 'open' });
    expect(spans(lanesOf(open, start + 9000).queue)).toEqual([['queue', 1000, 9000]]);
  });

  it('end a first agent where a transfer took the call to a second', () => {
    const two = contact([
      { kind: 'offer.accepted', offset_ms: 1000, ...li },
      { kind: 'transfer.completed', offset_ms: 9000, ...li },
      { kind: 'offer.accepted', offset_ms: 12_000, agent: '8', agent_name: '韩' },
      { kind: 'interaction.ended', offset_ms: 20_000 },
    ]);
    expect(lanesOf(two, 0).agents.map((s) => [s.text, s.from, s.to])).toEqual([
      ['李', 1000, 9000],
      ['韩', 12_000, 20_000],
    ]);
  });
});

describe('an agent whose page was loaded again', () => {
  it('talks on without a gap on his new leg', () => {
    const leg = (id: string, offset_ms: number) => [
      { kind: 'leg.started', leg: id, role: 'agent', offset_ms, ...li },
      { kind: 'leg.answered', leg: id, offset_ms: offset_ms + 10 },
    ];
    const again = contact([...leg('1', 1000), { kind: 'offer.accepted', offset_ms: 1010, ...li }, ...leg('2', 7000), { kind: 'leg.ended', leg: '1', offset_ms: 7020 }, { kind: 'leg.ended', leg: '2', offset_ms: 9000 }]);
    expect(spans(lanesOf(again, 0).agents)).toEqual([['talk', 1010, 9000]]);
  });
});

describe('spans and marks', () => {
  it('cut holes out', () => {
    expect(without([0, 10], [[2, 4], [8, 12]])).toEqual([[0, 2], [4, 8]]);
    expect(without([0, 10], [[0, 10]])).toEqual([]);
  });

  it('stay few however long the contact', () => {
    for (const total of [3000, 61_000, 454_000, 3_600_000, 20_000_000]) expect(marksOf(total).length).toBeLessThanOrEqual(9);
  });
});

describe('a step in words', () => {
  it('names what the event carries', () => {
    expect(stepText(call.steps[2] as Step)).toContain('2');
    expect(stepText(call.steps[3] as Step)).toContain('订票');
  });

  it('shows an event it does not know by its name', () => {
    expect(stepText({ ...(call.steps[0] as Step), kind: 'moon.rose' })).toBe('moon.rose');
  });

  it('knows a leg later by the role it started with', () => {
    const steps = [{ kind: 'leg.started', leg: '3', role: 'agent' }, { kind: 'leg.ended', leg: '3' }] as Step[];
    expect(withRoles(steps)[1]?.role).toBe('agent');
  });
});
