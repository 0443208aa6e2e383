// Whether this browser can hear: asked without prompting where the browser allows that.
export type MicState = 'ok' | 'ask' | 'denied' | 'none' | 'insecure';

// Nobody would be heard: such a phone is not registered, so that no call is offered to it.
export function isDeaf(mic: MicState | null): boolean {
  return mic === 'denied' || mic === 'none' || mic === 'insecure';
}

// Headsets come and go, and permissions change in the browser's own menu.
export function watchMic(changed: () => void): void {
  navigator.mediaDevices?.addEventListener('devicechange', changed);
  navigator.permissions
    ?.query({ name: 'microphone' as PermissionName })
    .then((status) => status.addEventListener('change', changed))
    .catch(() => undefined);
}

export async function micState(): Promise<MicState> {
  if (!window.isSecureContext || !navigator.mediaDevices) return 'insecure';
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  if (!devices.some((device) => device.kind === 'audioinput')) return 'none';
  try {
    const status = await navigator.permissions.query({ name: 'microphone' as PermissionName });
    if (status.state === 'denied') return 'denied';
    return status.state === 'granted' ? 'ok' : 'ask';
  } catch {
    return 'ask';
  }
}

// Prompts. The stream is given back at once: the phone asks again for each call.
export async function askForMic(): Promise<MicState> {
  if (!window.isSecureContext || !navigator.mediaDevices) return 'insecure';
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop();
    return 'ok';
  } catch (error) {
    return micErrorState(error);
  }
}

export function micErrorState(error: unknown): MicState {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none';
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : 'ask';
}
