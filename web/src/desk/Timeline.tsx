import { Link } from 'react-router';
import type { Id, Interaction } from '../api/shapes';
import { ErrorNote } from '../components/ErrorNote';
import { Icon } from '../components/Icon';
import { tWord, useT } from '../i18n';
import { dayOrTime, span } from '../i18n/format';
import { outcomeOf } from '../pages/interactions/columns';
import { entryName, useDirectory } from '../store/directory';
import { useTimeline } from './useTimeline';

function Moment({ row, now }: { row: Interaction; now: boolean }) {
  const t = useT();
  const results = useDirectory('dispositions');
  const title = [t(row.direction === 'outbound' ? 'customer.out' : 'customer.in'), row.queue_name].filter(Boolean).join(' · ');
  const by = row.agent_name ? [t('customer.by', { agent: row.agent_name }), span(row.talk_ms), entryName(row.result ? results[row.result] : undefined) ?? row.result_name] : [tWord('outcome', outcomeOf(row))];
  return (
    <li className={now ? 'tl-now' : ''}>
      <span className="tl-sign">
        <Icon name={row.direction === 'outbound' ? 'outbound' : 'inbound'} size={12} />
      </span>
      <div>
        {now ? <span>{title}</span> : <Link to={`/interactions/${row.id}`}>{title}</Link>}
        <p className="lx-12 lx-t2">{now ? t('customer.now') : by.filter((part) => part && part !== '—').join(' · ')}</p>
        {row.note && !now && <p className="lx-12 lx-t2 tl-note">{row.note}</p>}
      </div>
      <span className="lx-12 lx-t3 lx-nowrap">{dayOrTime(row.started)}</span>
    </li>
  );
}

export function Timeline({ customer, number, current }: { customer: Id | null; number: string | null; current: Id | null }) {
  const t = useT();
  const { value, problem, again } = useTimeline(customer, number);
  const rows = value?.items ?? [];
  return (
    <div className="timeline">
      <h3>{t('customer.timeline')}</h3>
      {problem && <ErrorNote problem={problem} again={again} />}
      {value && rows.length === 0 && <p className="lx-t3">{t('customer.timeline_none')}</p>}
      <ol className="tl">
        {rows.map((row) => (
          <Moment key={row.id} row={row} now={row.id === current} />
        ))}
      </ol>
    </div>
  );
}
