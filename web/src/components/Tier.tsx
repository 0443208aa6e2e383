import { tWord, useLang } from '../i18n';

const high = new Set(['platinum', 'gold']);
const shown = new Set(['platinum', 'gold', 'silver']);

// A customer's tier in ink with a pale metal word; the ordinary tier shows nothing.
export function Tier({ tier }: { tier: string | null | undefined }) {
  useLang();
  if (!tier || !shown.has(tier)) return null;
  return (
    <span className={`lx-tier ${high.has(tier) ? 'lx-tier-high' : ''}`}>
      {high.has(tier) && (
        <svg viewBox="0 0 10 10" aria-hidden="true">
          <path d="M5 .6l1.3 2.8 3 .4L7.1 5.9l.5 3L5 7.5 2.4 8.9l.5-3L.7 3.8l3-.4z" />
        </svg>
      )}
      {tWord('tier', tier)}
    </span>
  );
}
