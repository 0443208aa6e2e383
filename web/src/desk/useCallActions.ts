// The acts of the phone bar on the call in hand: which are possible now, and what each does with and without the server.
import type { CallLive, Id } from '../api/shapes';
import { answerCall, cutCall, keysHere, muteHere, phoneStore } from '../phone/phone';
import { useStore } from '../store/create';
import { useLink } from '../store/live';
import { endWrapUp, onCall } from './commands';
import { useContactCall, useContactId, useMe, useMyLive } from './me';

export interface CallActions {
  id: string | null;
  phase: string | null;
  ringing: boolean;
  talking: boolean;
  held: boolean;
  consulting: boolean;
  conference: boolean;
  muted: boolean;
  online: boolean;
  answer?: () => void;
  refuse?: () => void;
  hangup?: () => void;
  hold?: () => void;
  mute?: () => void;
  keys?: (digits: string) => void;
  complete?: () => void;
  cancelConsult?: () => void;
  three?: () => void;
  finish?: () => void;
}

interface Now {
  id: string;
  online: boolean;
  inTalk: boolean;
  muted: boolean;
  held: boolean;
}

async function toggleMute({ id, online, muted }: Now): Promise<void> {
  muteHere(!muted);
  if (!online) return;
  if ((await onCall(id, muted ? 'unmute' : 'mute')) === null) muteHere(muted);
}

function pressKeys({ id, online }: Now, digits: string): void {
  if (online) void onCall(id, 'keys', { keys: digits });
  else keysHere(digits);
}

function talkActs(now: Now, { consulting, conference, consulted, joinable }: Standing): Partial<CallActions> {
  const { id, online, held } = now;
  const acts: Partial<CallActions> = {
    hangup: () => (online ? void onCall(id, 'hangup') : cutCall()),
    mute: () => void toggleMute(now),
    keys: (digits) => pressKeys(now, digits),
  };
  if (!online || consulted) return acts;
  if (consulting || conference) {
    if (conference || joinable) acts.three = () => void onCall(id, conference ? 'split' : 'conference');
    acts.complete = () => void onCall(id, 'transfer_complete');
    acts.cancelConsult = () => void onCall(id, 'consult_cancel');
  } else acts.hold = () => void onCall(id, held ? 'retrieve' : 'hold');
  return acts;
}

type Standing = Omit<Now, 'id'> & { ringing: boolean; consulting: boolean; conference: boolean; consulted: boolean; joinable: boolean; wrapUp: boolean; phase: string | null };

// What the agent's part in an asking or a three-way call is: the one who asks, or the one who is asked.
function askStanding({ phase, agent, consult_agent, legs }: CallLive, me: Id | undefined) {
  const asking = phase === 'consulting' || phase === 'conference';
  return {
    consulting: phase === 'consulting' && agent === me,
    conference: phase === 'conference' && agent === me,
    consulted: asking && consult_agent === me,
    joinable: (legs ?? []).some((leg) => leg.role === 'consult' && leg.state === 'up'),
  };
}

const nothingAsked = { consulting: false, conference: false, consulted: false, joinable: false };

function callStanding(call: CallLive | null, me: Id | undefined, mutedHere: boolean) {
  const leg = call?.legs?.find((each) => each.agent === me);
  return {
    phase: call?.phase ?? null,
    muted: leg?.muted || mutedHere,
    held: call?.phase === 'held',
    ...(call ? askStanding(call, me) : nothingAsked),
  };
}

function useStanding(): Standing {
  const mine = useMyLive();
  const me = useMe()?.agent.id;
  const call = useContactCall();
  const phone = useStore(phoneStore);
  const online = useLink().state === 'up';
  const state = mine?.state ?? null;
  return {
    online,
    ...callStanding(call, me, phone.muted),
    ringing: state === 'ringing' || (phone.call === 'ringing' && state !== 'on_contact'),
    inTalk: state === 'on_contact' || (!online && phone.call === 'up'),
    wrapUp: state === 'wrap_up',
  };
}

function ringActs(id: string, online: boolean): Partial<CallActions> {
  const answer = () => {
    if (!answerCall()) void onCall(id, 'answer');
  };
  return online ? { answer, refuse: () => void onCall(id, 'refuse') } : { answer };
}

export function useCallActions(): CallActions {
  const id = useContactId();
  const now = useStanding();
  const acts: CallActions = { ...now, id, talking: now.inTalk };
  if (!id) return acts;
  if (now.ringing) Object.assign(acts, ringActs(id, now.online));
  if (now.inTalk) Object.assign(acts, talkActs({ ...now, id }, now));
  if (now.wrapUp && now.online) acts.finish = () => void endWrapUp(id);
  return acts;
}
