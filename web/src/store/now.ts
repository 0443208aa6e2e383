// The second hand every running time reads. It beats only while somebody looks, and in the server's time: since() of
// a state that the server stamped is right even where the computer's clock is not.
import { useSyncExternalStore } from 'react';

let offset_ms = 0;
let beat = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

export function setServerTime(at_ms: number): void {
  offset_ms = at_ms - Date.now();
  beat = serverNow();
}

export function serverNow(): number {
  return Date.now() + offset_ms;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    beat = serverNow();
    for (const each of [...listeners]) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

export function useNow(): number {
  return useSyncExternalStore(subscribe, () => {
    if (listeners.size === 0) beat = serverNow();
    return beat;
  });
}
