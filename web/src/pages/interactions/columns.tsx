import { Tag } from 'antd';
import { Link } from 'react-router';
import type { Interaction } from '../../api/shapes';
import type { Column } from '../../components/DataTable';
import { Icon } from '../../components/Icon';
import { ResultName } from '../../components/ResultName';
import { Tier } from '../../components/Tier';
import { t, tWord } from '../../i18n';
import { clock, shortMoment } from '../../i18n/format';
import { callerText } from '../../i18n/number';

export function outcomeOf(row: Interaction): string {
  if (row.state === 'open') return 'open';
  if (row.state === 'wrap_up') return 'wrap_up';
  return row.outcome ?? 'failed';
}

function Outcome({ row }: { row: Interaction }) {
  const outcome = outcomeOf(row);
  const colour = outcome === 'open' || outcome === 'wrap_up' ? 'processing' : undefined;
  return (
    <Tag variant="filled" {...(colour ? { color: colour } : {})}>
      {tWord('outcome', outcome)}
    </Tag>
  );
}

export function numberOf(row: Pick<Interaction, 'direction' | 'from' | 'to'>): string {
  return row.direction === 'outbound' ? (row.to ?? '') : callerText(row.from);
}

function Who({ row }: { row: Interaction }) {
  const number = numberOf(row);
  return (
    <Link to={`/interactions/${row.id}`} className="calls-who">
      <Icon name={row.direction === 'outbound' ? 'outbound' : 'inbound'} size={14} />
      <span className="lx-cut">{row.customer_name ?? number}</span>
      <Tier tier={row.tier} />
      {row.customer_name && <span className="lx-t3 lx-12">{number}</span>}
    </Link>
  );
}

export function interactionColumns(): Column<Interaction>[] {
  const time = (ms: number | null, had: unknown) => (ms === null || !had ? '—' : clock(ms));
  return [
    { key: 'started', title: t('calls.started'), width: 132, sortable: true, render: ({ started }) => shortMoment(started) },
    { key: 'from', title: t('calls.who'), width: 250, render: (row) => <Who row={row} /> },
    { key: 'queue', title: t('calls.queue'), width: 120, render: ({ queue_name }) => queue_name ?? '—' },
    { key: 'agent', title: t('calls.agent'), width: 110, render: ({ agent_name }) => agent_name ?? '—' },
    { key: 'outcome', title: t('calls.outcome'), width: 120, render: (row) => <Outcome row={row} /> },
    { key: 'wait_ms', title: t('calls.wait'), width: 90, right: true, sortable: true, render: (row) => time(row.wait_ms, row.queue) },
    { key: 'talk_ms', title: t('calls.talk'), width: 90, right: true, sortable: true, render: (row) => time(row.talk_ms, row.answered) },
    { key: 'result', title: t('calls.result'), width: 120, render: (row) => <ResultName row={row} otherwise="—" /> },
    {
      key: 'recording',
      title: t('calls.recording'),
      width: 76,
      render: ({ recording }) =>
        recording && (
          <span className="lx-t2 calls-rec" role="img" aria-label={t('calls.has_recording')}>
            <Icon name="volume" size={14} />
          </span>
        ),
    },
  ];
}
