// One call of a visitor who is nobody: no registration, no password, to a number of the centre's own.
import JsSIP from 'jssip';
import type { EndEvent, RTCSession } from 'jssip/lib/RTCSession';
import type { UA } from 'jssip/lib/UA';
import { createStore } from '../store/create';
import { makeSink, mediaOptions, openWire, prepare, whenCut } from './line';
import { micErrorState, micState, type MicState } from './microphone';

export type Why = 'busy' | 'not_found' | 'network' | 'media' | 'other';

export type VisitorCall =
  | { state: 'idle' }
  | { state: 'connecting' | 'ringing' }
  | { state: 'talking'; since: number; muted: boolean }
  | { state: 'ended'; lasted_ms: number }
  | { state: 'failed'; why: Why }
  | { state: 'mic'; mic: MicState };

export const visitorStore = createStore<VisitorCall>({ state: 'idle' });

let ua: UA | undefined;
let session: RTCSession | undefined;

const causes: Record<string, Why> = {
  [JsSIP.C.causes.BUSY]: 'busy',
  [JsSIP.C.causes.UNAVAILABLE]: 'busy',
  [JsSIP.C.causes.REJECTED]: 'busy',
  [JsSIP.C.causes.NOT_FOUND]: 'not_found',
  [JsSIP.C.causes.ADDRESS_INCOMPLETE]: 'not_found',
  [JsSIP.C.causes.AUTHENTICATION_ERROR]: 'not_found',
  [JsSIP.C.causes.CONNECTION_ERROR]: 'network',
  [JsSIP.C.causes.REQUEST_TIMEOUT]: 'network',
  [JsSIP.C.causes.INCOMPATIBLE_SDP]: 'media',
  [JsSIP.C.causes.MISSING_SDP]: 'media',
};

export function whyOf(cause: string): Why {
  return causes[cause] ?? 'other';
}

function done(next: VisitorCall): void {
  session = undefined;
  const old = ua;
  ua = undefined;
  visitorStore.set(next);
  // The socket stays a moment for the last ACK or BYE.
  setTimeout(() => old?.stop(), 500);
}

function over(event: EndEvent): void {
  const now = visitorStore.get();
  if (now.state === 'talking') done({ state: 'ended', lasted_ms: Date.now() - now.since });
  else if (now.state === 'connecting' || now.state === 'ringing') {
    const given_up = event.cause === JsSIP.C.causes.CANCELED;
    done(given_up ? { state: 'idle' } : { state: 'failed', why: whyOf(event.cause) });
  }
}

function invite(made: UA, number: string, realm: string, sink: HTMLAudioElement): void {
  const call = made.call(`sip:${number}@${realm}`, mediaOptions);
  session = call;
  prepare(call, sink);
  whenCut(call, () => session === call && done({ state: 'failed', why: 'network' }));
  call.on('progress', () => visitorStore.set({ state: 'ringing' }));
  call.on('accepted', () => visitorStore.set({ state: 'talking', since: Date.now(), muted: false }));
  call.on('ended', over);
  call.on('failed', over);
  call.on('getusermediafailed', (error: unknown) => done({ state: 'mic', mic: micErrorState(error) }));
}

export async function startCall(ws: string, realm: string, number: string): Promise<void> {
  if (ua) return;
  visitorStore.set({ state: 'connecting' });
  const mic = await micState();
  if (mic !== 'ok' && mic !== 'ask') return visitorStore.set({ state: 'mic', mic });
  const made = new JsSIP.UA({
    sockets: [openWire(ws).socket],
    uri: `sip:visitor@${realm}`,
    register: false,
    session_timers: false,
    user_agent: 'Lingxi',
  });
  ua = made;
  const sink = makeSink();
  let begun = false;
  made.on('connected', () => {
    if (begun || ua !== made) return;
    begun = true;
    invite(made, number, realm, sink);
  });
  made.on('disconnected', () => {
    if (!begun && ua === made) done({ state: 'failed', why: 'network' });
  });
  made.start();
}

export function endCall(): void {
  if (session && !session.isEnded()) session.terminate();
  else done({ state: 'idle' });
}

export function setMuted(muted: boolean): void {
  const now = visitorStore.get();
  if (now.state !== 'talking') return;
  if (muted) session?.mute({ audio: true });
  else session?.unmute({ audio: true });
  visitorStore.set({ ...now, muted });
}

export function pressKey(key: string): void {
  session?.sendDTMF(key, { transportType: JsSIP.C.DTMF_TRANSPORT.RFC2833, duration: 160 });
}
