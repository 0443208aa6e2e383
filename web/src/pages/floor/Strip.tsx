import type { ReactNode } from 'react';
import { Since } from '../../components/Since';
import { useT } from '../../i18n';
import { figure } from '../../i18n/format';
import { useLive } from '../../store/live';
import { sumsOf } from './figures';

function Cell({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="lx-12 lx-t3 lx-nowrap">{name}</dt>
      <dd className="lx-20 lx-strong lx-nowrap">{children}</dd>
    </div>
  );
}

export function Strip() {
  const t = useT();
  const live = useLive((l) => l);
  const sums = sumsOf(live.agents, live.queues, live.calls);
  const known = live.known && live.switchUp;
  return (
    <dl className="lx-card floor-strip" aria-label={t('floor.strip')}>
      <Cell name={t('floor.waiting')}>{known ? figure(sums.waiting) : '—'}</Cell>
      <Cell name={t('floor.longest')}>{sums.longest_since ? <Since at={sums.longest_since} /> : '—'}</Cell>
      <Cell name={t('floor.in_calls')}>{known ? figure(sums.talking) : '—'}</Cell>
      <Cell name={t('floor.busy')}>{known ? figure(sums.busy) : '—'}</Cell>
      <Cell name={t('floor.ready')}>
        {known ? figure(sums.ready) : '—'} <small>{t('floor.of', { n: figure(sums.signedIn) })}</small>
      </Cell>
    </dl>
  );
}
