// The agent's phone. It registers, rings, answers and is heard; what a call is and who holds it is the server's truth
// (store/live.ts), not this module's. It never says goodbye when the page goes: the server keeps the call and rings the
// same phone again when it is back.
import JsSIP from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { IncomingRTCSessionEvent, RTCSessionEvent, UA } from 'jssip/lib/UA';
import type { PhoneAccess } from '../api/shapes';
import { createStore } from '../store/create';
import { readPref } from '../store/prefs';
import { instanceOf } from './instance';
import { makeSink, mediaOptions, openWire, prepare, type Wire } from './line';
import { askForMic, isDeaf, micErrorState, micState, watchMic, type MicState } from './microphone';
import { claimPhone, type Claim } from './onlyTab';
import { asksForAnswer } from './sip';

// deaf: kept off the line because the microphone cannot be used.
export type PhoneLine = 'off' | 'deaf' | 'connecting' | 'registered' | 'refused' | 'lost' | 'elsewhere' | 'taken';

export interface PhoneState {
  line: PhoneLine;
  cause: string;
  mic: MicState | null;
  call: 'none' | 'ringing' | 'up';
  muted: boolean;
}

const off: PhoneState = { line: 'off', cause: '', mic: null, call: 'none', muted: false };

export const phoneStore = createStore<PhoneState>(off);

const change = (part: Partial<PhoneState>) => phoneStore.set((old) => ({ ...old, ...part }));

let ua: UA | undefined;
let wire: Wire | undefined;
let session: RTCSession | undefined;
let claim: Claim | undefined;
let sink: HTMLAudioElement | undefined;
let comeUp: (() => void) | undefined; // registers the phone that this page holds
let watching = false;

// A call in progress is left alone: the browser tells its loss, and it may come back.
function heed(mic: MicState): void {
  change({ mic });
  if (isDeaf(mic) && ua && !session) leave('deaf');
  else if (!isDeaf(mic) && !ua) comeUp?.();
}

export async function checkMic(): Promise<MicState> {
  const mic = await micState();
  heed(mic);
  return mic;
}

export async function allowMic(): Promise<MicState> {
  const mic = await askForMic();
  heed(mic);
  return mic;
}

function answerNow(incoming: RTCSession): void {
  incoming.answer(mediaOptions);
}

function watch(incoming: RTCSession): void {
  const over = () => {
    if (session !== incoming) return;
    session = undefined;
    change({ call: 'none', muted: false });
  };
  incoming.on('accepted', () => session === incoming && change({ call: 'up' }));
  incoming.on('ended', over);
  incoming.on('failed', over);
  incoming.on('getusermediafailed', (error: unknown) => change({ mic: micErrorState(error) }));
}

// The server gives an agent one line; when it moves the call (after a reload) the new INVITE comes while the old session
// may still stand, so the newer one wins.
function take(incoming: RTCSession, atOnce: boolean): void {
  const old = session;
  if (old) incoming.on('accepted', () => old.connection?.close());
  session = incoming;
  if (sink) prepare(incoming, sink);
  watch(incoming);
  change({ call: 'ringing', muted: false });
  if (atOnce) answerNow(incoming);
}

function register(agent: string, access: PhoneAccess): void {
  wire = openWire(access.ws);
  sink ??= makeSink();
  const made = new JsSIP.UA({
    sockets: [wire.socket],
    uri: access.uri,
    authorization_user: access.auth_user,
    password: access.secret,
    realm: access.realm,
    instance_id: instanceOf(agent),
    register: true,
    register_expires: 120,
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 10,
    user_agent: 'Lingxi',
  });
  made.on('connecting', () => phoneStore.get().line !== 'lost' && change({ line: 'connecting' }));
  made.on('disconnected', () => ua === made && change({ line: 'lost' }));
  made.on('registered', () => change({ line: 'registered', cause: '' }));
  made.on('registrationFailed', ({ cause }) => change({ line: 'refused', cause: String(cause ?? '') }));
  made.on('newRTCSession', (event: RTCSessionEvent) => {
    if (String(event.originator) !== 'remote') return;
    const { session: incoming, request } = event as IncomingRTCSessionEvent;
    take(incoming, asksForAnswer([request.getHeader('Alert-Info'), request.getHeader('Call-Info')]));
  });
  ua = made;
  made.start();
}

// Leaves the line without a BYE and without un-registering.
function leave(line: PhoneLine): void {
  const old = session;
  session = undefined;
  ua = undefined;
  wire?.drop();
  wire = undefined;
  old?.connection?.close();
  change({ line, call: 'none', muted: false });
}

export function startPhone(agent: string, access: PhoneAccess): void {
  if (claim) return;
  claim = claimPhone(agent, {
    won: () => {
      comeUp = () => register(agent, access);
      change({ line: 'deaf' });
      void checkMic();
    },
    lost: () => {
      comeUp = undefined;
      leave('taken');
    },
    elsewhere: () => change({ line: 'elsewhere' }),
  });
  if (!watching) watchMic(() => claim && void checkMic());
  watching = true;
  exposeForTests();
}

export function takePhoneHere(): void {
  claim?.take();
}

function letGo(): void {
  claim?.release();
  claim = undefined;
  comeUp = undefined;
}

// Another place has taken the agent over: a call goes on there.
export function leavePhone(): void {
  letGo();
  leave('off');
}

// Signing out: now the server is told.
export function stopPhone(): void {
  letGo();
  const old = ua;
  ua = undefined;
  session = undefined;
  old?.stop();
  phoneStore.set(off);
}

// True when it was this phone that rang; otherwise the server must ring the agent's other phone to answer.
export function answerCall(): boolean {
  if (!session || session.isEstablished() || session.isEnded()) return false;
  answerNow(session);
  return true;
}

// For when the server cannot be asked: the line itself ends the call.
export function cutCall(): void {
  if (session && !session.isEnded()) session.terminate();
}

export function muteHere(on: boolean): void {
  if (on) session?.mute({ audio: true });
  else session?.unmute({ audio: true });
  change({ muted: on });
}

export function keysHere(keys: string): void {
  session?.sendDTMF(keys, { transportType: JsSIP.C.DTMF_TRANSPORT.RFC2833 });
}

async function statistics(): Promise<Record<string, unknown>[]> {
  const report = await session?.connection?.getStats();
  const rows: Record<string, unknown>[] = [];
  report?.forEach((row: Record<string, unknown>) => {
    if (['inbound-rtp', 'outbound-rtp', 'candidate-pair', 'codec'].includes(String(row.type))) rows.push(row);
  });
  return rows;
}

function exposeForTests(): void {
  if (readPref('phone_test') !== '1') return;
  (window as unknown as { __phone: unknown }).__phone = { stats: statistics, state: phoneStore.get };
}
