// From the raw events of a contact to what is drawn: who did what from when to when, in four lanes. Pure.
import type { InteractionDetail, Step } from '../../api/shapes';

export type Tone = 'quiet' | 'talk' | 'agent' | 'ring' | 'held';

export type SegmentKind = 'menu' | 'node' | 'queue' | 'ring' | 'talk' | 'music' | 'held' | 'wrap_up';

export interface Segment {
  from: number;
  to: number;
  kind: SegmentKind;
  tone: Tone;
  text: string;
}

export interface Lanes {
  total_ms: number;
  caller: Segment[];
  flow: Segment[];
  queue: Segment[];
  agents: Segment[];
  holds: [number, number][];
  recording: { id: string; from: number; duration_ms: number } | null;
}

type Pair = [number, number];

function firstAfter(steps: Step[], from: number, test: (step: Step) => boolean): number | null {
  return steps.find((step) => step.offset_ms >= from && test(step))?.offset_ms ?? null;
}

function pairs(steps: Step[], begin: string, end: string, total: number): Pair[] {
  return steps
    .filter((step) => step.kind === begin)
    .map((step) => [step.offset_ms, firstAfter(steps, step.offset_ms, (s) => s.kind === end || s.kind === 'interaction.ended') ?? total]);
}

function flowLane(steps: Step[]): Segment[] {
  const lane: Segment[] = [];
  let from = 0;
  for (const step of steps) {
    if (step.kind === 'flow.started') from = step.offset_ms;
    if (step.kind !== 'flow.step') continue;
    lane.push({ from, to: step.offset_ms, kind: 'node', tone: 'quiet', text: step.key ?? step.node ?? '' });
    from = step.offset_ms;
  }
  return lane;
}

// Cuts the spans of `holes` out of one span.
export function without([from, to]: Pair, holes: Pair[]): Pair[] {
  const made: Pair[] = [];
  let at = from;
  for (const [a, b] of holes) {
    if (b <= at || a >= to) continue;
    if (a > at) made.push([at, a]);
    at = Math.max(at, b);
  }
  if (at < to) made.push([at, to]);
  return made;
}

interface Talk {
  from: number;
  to: number;
  text: string;
}

interface OpenTalk extends Talk {
  legs: Set<string>;
}

// An agent talks from his answer until his last leg is gone: a reloaded page comes back on a new leg before the old one
// ends.
function talksOf(steps: Step[], total: number): Talk[] {
  const agentOfLeg = new Map<string, Step>();
  const open = new Map<string, OpenTalk>();
  const talks: Talk[] = [];
  const begin = (agent: string, step: Step, leg: string | undefined) => {
    const talk = open.get(agent) ?? { from: step.offset_ms, to: total, text: step.agent_name ?? agent, legs: new Set<string>() };
    if (leg) talk.legs.add(leg);
    if (open.has(agent)) return;
    open.set(agent, talk);
    talks.push(talk);
  };
  const end = (agent: string, at: number) => {
    const talk = open.get(agent);
    if (talk) talk.to = at;
    open.delete(agent);
  };
  const legEnded = (leg: string, at: number) => {
    for (const [agent, talk] of [...open]) if (talk.legs.delete(leg) && talk.legs.size === 0) end(agent, at);
  };
  const act: Record<string, (step: Step) => void> = {
    'leg.started': (step) => step.leg && step.agent && agentOfLeg.set(step.leg, step),
    'leg.answered': (step) => {
      const started = step.leg ? agentOfLeg.get(step.leg) : undefined;
      if (started?.agent) begin(started.agent, { ...started, offset_ms: step.offset_ms }, step.leg);
    },
    'offer.accepted': (step) => step.agent && begin(step.agent, step, undefined),
    'leg.ended': (step) => step.leg && legEnded(step.leg, step.offset_ms),
    'transfer.completed': (step) => step.agent && end(step.agent, step.offset_ms),
    'interaction.ended': (step) => [...open.keys()].forEach((agent) => end(agent, step.offset_ms)),
  };
  for (const step of steps) act[step.kind]?.(step);
  return talks;
}

function agentLane(steps: Step[], talks: Talk[], holds: Pair[], total: number): Segment[] {
  const lane: Segment[] = [];
  for (const step of steps) {
    if (step.kind === 'offer.made') {
      const to = firstAfter(steps, step.offset_ms, (s) => (s.kind === 'offer.accepted' || s.kind === 'offer.ended') && s.agent === step.agent);
      lane.push({ from: step.offset_ms, to: to ?? total, kind: 'ring', tone: 'ring', text: step.agent_name ?? '' });
    } else if (step.kind === 'wrap_up.ended') {
      const from = Math.max(0, step.offset_ms - (step.lasted_ms ?? 0));
      lane.push({ from, to: step.offset_ms, kind: 'wrap_up', tone: 'quiet', text: step.agent_name ?? '' });
    }
  }
  for (const talk of talks) {
    for (const [from, to] of without([talk.from, talk.to], holds)) lane.push({ from, to, kind: 'talk', tone: 'agent', text: talk.text });
  }
  for (const [from, to] of holds) lane.push({ from, to, kind: 'held', tone: 'held', text: '' });
  return lane.sort((a, b) => a.from - b.from);
}

function callerLane(steps: Step[], talks: Talk[], holds: Pair[], waits: Pair[]): Segment[] {
  const lane: Segment[] = [];
  const over = firstAfter(steps, 0, (s) => s.kind === 'interaction.ended') ?? 0;
  const firstTalk = talks[0]?.from ?? over;
  const menuEnd = Math.min(waits[0]?.[0] ?? firstTalk, firstTalk);
  if (steps.some((s) => s.kind === 'flow.started') && menuEnd > 0) lane.push({ from: 0, to: menuEnd, kind: 'menu', tone: 'quiet', text: '' });
  for (const [from, to] of waits) lane.push({ from, to, kind: 'queue', tone: 'quiet', text: '' });
  for (const talk of talks) {
    for (const [from, to] of without([talk.from, talk.to], holds)) lane.push({ from, to, kind: 'talk', tone: 'talk', text: '' });
  }
  for (const [from, to] of holds) lane.push({ from, to, kind: 'music', tone: 'quiet', text: '' });
  return lane.sort((a, b) => a.from - b.from);
}

export function lanesOf(detail: InteractionDetail, now: number): Lanes {
  const { steps } = detail;
  const last = steps.at(-1)?.offset_ms ?? 0;
  const running = detail.state === 'ended' ? 0 : now - Date.parse(detail.started);
  const total_ms = Math.max(last, running, 1000);
  const holds = pairs(steps, 'hold.started', 'hold.ended', total_ms);
  const waits = pairs(steps.filter((step) => !step.consult), 'queue.entered', 'queue.left', total_ms);
  const talks = talksOf(steps, total_ms);
  const rec = detail.recordings[0];
  return {
    total_ms,
    caller: callerLane(steps, talks, holds, waits),
    flow: flowLane(steps),
    queue: waits.map(([from, to]) => ({ from, to, kind: 'queue', tone: 'quiet', text: '' })),
    agents: agentLane(steps, talks, holds, total_ms),
    holds,
    recording: rec
      ? { id: rec.id, from: Math.max(0, Date.parse(rec.started) - Date.parse(detail.started)), duration_ms: rec.duration_ms }
      : null,
  };
}

const nice = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((s) => s * 1000);

// At most about eight marks on the axis.
export function marksOf(total_ms: number): number[] {
  const step = nice.find((ms) => total_ms / ms <= 8) ?? 7_200_000;
  return Array.from({ length: Math.floor(total_ms / step) + 1 }, (_, i) => i * step);
}
