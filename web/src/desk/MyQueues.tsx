import type { QueueLive } from '../api/shapes';
import { Since } from '../components/Since';
import { levelOf, Threshold } from '../components/Threshold';
import { useT } from '../i18n';
import { useDirectory } from '../store/directory';
import { useLive } from '../store/live';
import { useNow } from '../store/now';
import { useMe } from './me';

function Waiting({ queue, target_ms }: { queue: QueueLive | undefined; target_ms: number | null }) {
  const now = useNow();
  if (!queue) return <span className="lx-t3">—</span>;
  if (!queue.longest_since || queue.waiting === 0) return <span className="lx-t2">{queue.waiting}</span>;
  return (
    <Threshold level={levelOf(now - queue.longest_since, target_ms)}>
      {queue.waiting}
      <span className="queue-longest">
        <Since at={queue.longest_since} />
      </span>
    </Threshold>
  );
}

export function MyQueues() {
  const t = useT();
  const me = useMe();
  const live = useLive((l) => l.queues);
  const rows = useDirectory('queues');
  const queues = me?.agent.queues ?? [];
  return (
    <div className="desk-queues">
      <div className="lx-row">
        <h3>{t('desk.queues')}</h3>
        <span className="lx-end lx-12 lx-t3">{t('desk.waiting_longest')}</span>
      </div>
      {me && queues.length === 0 && <p className="lx-t3 lx-12">{t('desk.queues_none')}</p>}
      <ul className="lx-12">
        {queues.map((queue) => (
          <li key={queue.id} className="lx-row">
            <span className="lx-cut">{queue.name}</span>
            <span className="lx-end">
              <Waiting queue={live[queue.id]} target_ms={rows[queue.id]?.service_level_ms ?? null} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
