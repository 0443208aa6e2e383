// The phone's identity (RFC 5626), kept per agent in this browser: after a reload the server knows the same phone again
// and gives it the call back.
import { readPref, writePref } from '../store/prefs';

export function instanceOf(agent: string): string {
  const name = `phone.${agent}`;
  const kept = readPref(name);
  if (kept) return kept;
  const made = crypto.randomUUID?.() ?? fromRandom(crypto.getRandomValues(new Uint8Array(16)));
  writePref(name, made);
  return made;
}

// randomUUID is there on secure pages only.
function fromRandom(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
