// The recording played: place, speed, and which of its two channels is heard (one channel goes to both ears).
import { useCallback, useEffect, useRef, useState } from 'react';
import { base } from '../../api/client';

export type Channels = 'both' | 'caller' | 'agent';

interface Graph {
  context: AudioContext;
  left: GainNode;
  right: GainNode;
  across: [GainNode, GainNode];
}

// left and right straight through; `across` feeds each channel to the other ear when it is heard alone.
function wire(audio: HTMLAudioElement): Graph {
  const context = new AudioContext();
  const splitter = context.createChannelSplitter(2);
  const merger = context.createChannelMerger(2);
  context.createMediaElementSource(audio).connect(splitter);
  const path = (from: number, to: number): GainNode => {
    const gain = context.createGain();
    splitter.connect(gain, from);
    gain.connect(merger, 0, to);
    return gain;
  };
  const graph: Graph = { context, left: path(0, 0), right: path(1, 1), across: [path(0, 1), path(1, 0)] };
  merger.connect(context.destination);
  return graph;
}

function hear({ left, right, across }: Graph, channels: Channels): void {
  left.gain.value = channels === 'agent' ? 0 : 1;
  right.gain.value = channels === 'caller' ? 0 : 1;
  across[0].gain.value = channels === 'caller' ? 1 : 0;
  across[1].gain.value = channels === 'agent' ? 1 : 0;
}

export interface Player {
  playing: boolean;
  at_ms: number;
  speed: number;
  channels: Channels;
  failed: boolean;
  toggle: () => void;
  seek: (ms: number) => void;
  playFrom: (ms: number) => void;
  setSpeed: (speed: number) => void;
  setChannels: (channels: Channels) => void;
}

export function usePlayer(recording: string | null): Player {
  const audio = useRef<HTMLAudioElement | null>(null);
  const graph = useRef<Graph | null>(null);
  const [playing, setPlaying] = useState(false);
  const [failed, setFailed] = useState(false);
  const [at_ms, setAt] = useState(0);
  const [speed, setSpeedState] = useState(1);
  const [channels, setChannelsState] = useState<Channels>('both');

  useEffect(() => {
    if (!recording) return;
    const made = new Audio(`${base}/recordings/${recording}/audio`);
    made.preload = 'metadata';
    made.preservesPitch = true;
    audio.current = made;
    let frame = 0;
    const follow = () => {
      setAt(made.currentTime * 1000);
      frame = requestAnimationFrame(follow);
    };
    made.onplay = () => {
      setPlaying(true);
      frame = requestAnimationFrame(follow);
    };
    made.onpause = () => {
      cancelAnimationFrame(frame);
      setPlaying(false);
    };
    made.onseeked = () => setAt(made.currentTime * 1000);
    made.onerror = () => setFailed(true);
    return () => {
      cancelAnimationFrame(frame);
      made.pause();
      made.removeAttribute('src');
      audio.current = null;
      void graph.current?.context.close();
      graph.current = null;
    };
  }, [recording]);

  const seek = useCallback((ms: number) => {
    if (audio.current) audio.current.currentTime = Math.max(0, ms / 1000);
  }, []);
  const play = useCallback(() => {
    void graph.current?.context.resume();
    audio.current?.play().catch(() => setFailed(true));
  }, []);

  return {
    playing,
    at_ms,
    speed,
    channels,
    failed,
    seek,
    toggle: () => (audio.current?.paused === false ? audio.current.pause() : play()),
    playFrom: (ms) => {
      seek(ms);
      play();
    },
    setSpeed: (made) => {
      setSpeedState(made);
      if (audio.current) audio.current.playbackRate = made;
    },
    setChannels: (made) => {
      setChannelsState(made);
      if (!audio.current) return;
      graph.current ??= wire(audio.current);
      hear(graph.current, made);
    },
  };
}
