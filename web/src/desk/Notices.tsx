// What is so about this call right now and easily forgotten: held, muted, in consultation.
import type { CallLive, Id } from '../api/shapes';
import { ThresholdShape } from '../components/Threshold';
import { t, tWord, useT } from '../i18n';
import { useDirectory, type Entry } from '../store/directory';
import { useContactCall, useMe } from './me';
import type { CallActions } from './useCallActions';

// Who speaks in a three-way call beside the agent of this page.
function othersOf(call: CallLive, me: Id | undefined, nameOf: (id: Id | null | undefined) => string | undefined): string[] {
  const others = call.legs?.filter((leg) => leg.state === 'up' && leg.agent !== me) ?? [];
  return others.map((leg) => nameOf(leg.agent) ?? (leg.role === 'caller' ? (call.name ?? leg.address) : leg.address));
}

function consultLines(call: CallLive, me: Id | undefined, agents: Record<Id, Entry>, queues: Record<Id, Entry>): string[] {
  const nameOf = (id: Id | null | undefined) => (id ? agents[id]?.name : undefined);
  if (call.phase === 'conference') return [t('talk.conference', { who: othersOf(call, me, nameOf).join(', ') })];
  if (call.consult_agent && call.consult_agent === me) return [t('talk.consulted', { who: nameOf(call.agent) ?? '' })];
  const queue = call.consult_queue ? queues[call.consult_queue]?.name : undefined;
  if (queue) return [t('talk.consult_waits', { queue })];
  const other = call.legs?.find((leg) => leg.role === 'consult');
  return [t('talk.consult_with', { who: nameOf(other?.agent) ?? other?.address ?? '' })];
}

// Asking came to nothing, or the one asked has gone: the agent stands with his held caller and must know why.
function endedLine({ phase, consult_ended, consult_target }: CallLive): string[] {
  if (phase !== 'held' || !consult_ended) return [];
  const target = consult_target ?? '';
  if (consult_ended === 'hangup') return [t('talk.consult_hangup', { target })];
  return [t('talk.consult_ended', { target, reason: tWord('consult_ended', consult_ended) })];
}

function linesOf(call: CallLive | null, me: Id | undefined, agents: Record<Id, Entry>, queues: Record<Id, Entry>): string[] {
  if (!call) return [];
  const asking = call.phase === 'consulting' || call.phase === 'conference';
  return asking ? consultLines(call, me, agents, queues) : endedLine(call);
}

export function Notices({ acts }: { acts: CallActions }) {
  useT();
  const me = useMe();
  const call = useContactCall();
  const agents = useDirectory('agents');
  const queues = useDirectory('queues');
  const lines = linesOf(call, me?.agent.id, agents, queues);
  if (acts.held) lines.push(t('talk.held'));
  if (acts.talking && acts.muted) lines.push(t('talk.muted'));
  return lines.map((line) => (
    <p key={line} className="talk-notice" role="status">
      <ThresholdShape level="near" /> {line}
    </p>
  ));
}
