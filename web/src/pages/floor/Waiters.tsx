import { levelOf, Threshold } from '../../components/Threshold';
import { Since } from '../../components/Since';
import { Tier } from '../../components/Tier';
import type { CallLive } from '../../api/shapes';
import { useT } from '../../i18n';
import { partyOf } from '../../desk/party';
import { useDirectory } from '../../store/directory';
import { useLive } from '../../store/live';
import { useNow } from '../../store/now';
import { waitersOf } from './figures';

function Waiter({ call }: { call: CallLive }) {
  const queues = useDirectory('queues');
  const now = useNow();
  const queue = call.queue ? queues[call.queue] : undefined;
  return (
    <li className="floor-waiter">
      <span className="lx-row">
        <span className="lx-cut">{partyOf([call]).who}</span>
        <Tier tier={call.tier} />
      </span>
      <span className="lx-t2 lx-cut">{queue?.name ?? ''}</span>
      <Threshold level={levelOf(now - call.since, queue?.service_level_ms ?? null)}>
        <Since at={call.since} />
      </Threshold>
    </li>
  );
}

export function Waiters() {
  const t = useT();
  const waiters = waitersOf(useLive((l) => l.calls));
  return (
    <section className="floor-side-part floor-waiters">
      <div className="lx-card-head">
        <h2>{t('floor.waiters')}</h2>
        <span className="lx-count">{waiters.length}</span>
        <span className="lx-end lx-12 lx-t3">{t('floor.longest_first')}</span>
      </div>
      {waiters.length === 0 && <p className="floor-quiet">{t('floor.waiters_none')}</p>}
      <ul>
        {waiters.map(([id, call]) => (
          <Waiter key={id} call={call} />
        ))}
      </ul>
    </section>
  );
}
