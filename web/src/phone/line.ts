// What an agent's phone and a visitor's call share of JsSIP: the socket that can be dropped without a word to the
// server, G.711 first, no waiting for candidates (the server is ICE-lite), and the sound of the other side.
import JsSIP from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { Socket } from 'jssip/lib/Socket';
import { g711First } from './sip';

export const mediaOptions = {
  mediaConstraints: { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true }, video: false },
  pcConfig: { iceServers: [], bundlePolicy: 'max-bundle' as const },
};

export interface Wire {
  socket: Socket;
  drop: () => void;
}

// drop() leaves as a closed window would: the server keeps the call for the phone that comes back.
export function openWire(url: string): Wire {
  const socket = new JsSIP.WebSocketInterface(url);
  return {
    socket,
    drop: () => {
      socket.connect = () => undefined;
      socket.disconnect();
    },
  };
}

function soundOf(connection: RTCPeerConnection, sink: HTMLAudioElement): void {
  connection.addEventListener('track', (event) => {
    sink.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    sink.play().catch(() => undefined);
  });
}

export function prepare(session: RTCSession, sink: HTMLAudioElement): void {
  session.on('sdp', (event) => {
    if (event.originator === 'local') event.sdp = g711First(event.sdp);
  });
  session.on('icecandidate', (event) => event.ready());
  if (session.connection) soundOf(session.connection, sink);
  else session.on('peerconnection', ({ peerconnection }) => soundOf(peerconnection, sink));
}

// The way to the server is gone for good: ICE has given up.
export function whenCut(session: RTCSession, cut: () => void): void {
  const watch = (connection: RTCPeerConnection) =>
    connection.addEventListener('connectionstatechange', () => connection.connectionState === 'failed' && cut());
  if (session.connection) watch(session.connection);
  else session.on('peerconnection', ({ peerconnection }) => watch(peerconnection));
}

export function makeSink(): HTMLAudioElement {
  const sink = new Audio();
  sink.autoplay = true;
  return sink;
}
