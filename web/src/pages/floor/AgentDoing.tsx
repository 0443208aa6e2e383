import type { AgentLive } from '../../api/shapes';
import { Tier } from '../../components/Tier';
import { tWord, useT } from '../../i18n';
import { span } from '../../i18n/format';
import { reasonName, useDirectory } from '../../store/directory';
import { useLive } from '../../store/live';

// The second line of an agent: the word of his state and what he has in hand.
export function AgentDoing({ live, limit_ms }: { live: AgentLive; limit_ms: number | null }) {
  const t = useT();
  const call = useLive((l) => (live.interaction ? l.calls[live.interaction] : undefined));
  const queues = useDirectory('queues');
  const reasons = useDirectory('reasons');
  const word = live.state === 'on_contact' && call ? tWord('phase', call.phase) : tWord('state', live.state);
  const accent = ['on_contact', 'ringing', 'ready'].includes(live.state);
  return (
    <span className="floor-doing">
      <span className={accent ? 'lx-accent' : ''}>{live.state === 'not_ready' ? reasonName(reasons, live.reason) || word : word}</span>
      {call?.queue && <span className="lx-cut">{queues[call.queue]?.name ?? ''}</span>}
      {limit_ms !== null && <span className="lx-cut">{t('floor.limit', { span: span(limit_ms) })}</span>}
      {!live.phone && live.state !== 'offline' && <span className="lx-near">{t('floor.no_phone')}</span>}
      <span className="lx-end">
        <Tier tier={call?.tier} />
      </span>
    </span>
  );
}
