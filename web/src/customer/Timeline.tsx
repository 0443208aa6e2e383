// All contacts of a customer on one line, every channel, newest first; earlier ones on demand.
import { Button, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Id, Interaction } from '../api/shapes';
import { ErrorNote } from '../components/ErrorNote';
import { Icon } from '../components/Icon';
import { t as say, tWord, useT } from '../i18n';
import { dayOrTime, span } from '../i18n/format';
import { outcomeOf } from '../pages/interactions/columns';
import { entryName, useDirectory } from '../store/directory';
import { useTimeline } from './useTimeline';

function titleOf(row: Interaction): string {
  const what = row.channel && row.channel !== 'voice' ? tWord('channel', row.channel) : say(row.direction === 'outbound' ? 'customer.out' : 'customer.in');
  return [what, row.queue_name].filter(Boolean).join(' · ');
}

function Moment({ row, now }: { row: Interaction; now: boolean }) {
  const t = useT();
  const results = useDirectory('dispositions');
  const title = titleOf(row);
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

function Channel({ channels, value, onChange }: { channels: string[]; value: string; onChange: (value: string) => void }) {
  const t = useT();
  if (channels.length < 2) return null;
  const options = [{ value: '', label: t('customer.all_channels') }, ...channels.map((each) => ({ value: each, label: tWord('channel', each) }))];
  return <Select size="small" variant="borderless" className="lx-end" aria-label={t('customer.filter_channel')} value={value} options={options} onChange={onChange} />;
}

export function Timeline({ customer, number, current, head = true }: { customer: Id | null; number: string | null; current: Id | null; head?: boolean }) {
  const t = useT();
  const [channel, setChannel] = useState('');
  const [limit, setLimit] = useState(20);
  const { value, problem, again, loading } = useTimeline(customer, number, limit);
  const all = value?.items ?? [];
  const rows = all.filter((row) => channel === '' || row.channel === channel);
  return (
    <div className="timeline">
      <div className="lx-row">
        {head && <h3>{t('customer.timeline')}</h3>}
        <Channel channels={[...new Set(all.map((row) => row.channel))]} value={channel} onChange={setChannel} />
      </div>
      {problem && <ErrorNote problem={problem} again={again} />}
      {value && rows.length === 0 && !value.hidden && <p className="lx-t3">{t('customer.timeline_none')}</p>}
      <ol className="tl">
        {rows.map((row) => (
          <Moment key={row.id} row={row} now={row.id === current} />
        ))}
      </ol>
      {!!value?.hidden && <p className="lx-12 lx-t3">{t('customer.timeline_hidden', { n: String(value.hidden) })}</p>}
      {value?.next && limit < 500 && (
        <Button size="small" type="link" loading={loading} onClick={() => setLimit((n) => Math.min(500, n * 3))}>
          {t('customer.earlier')}
        </Button>
      )}
    </div>
  );
}
