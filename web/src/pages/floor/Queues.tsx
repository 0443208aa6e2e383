import { Table, type TableColumnsType } from 'antd';
import type { QueueLive } from '../../api/shapes';
import { Empty } from '../../components/Empty';
import { Since } from '../../components/Since';
import { levelOf, Threshold } from '../../components/Threshold';
import { t, useT } from '../../i18n';
import { clock, span } from '../../i18n/format';
import { useDirectory } from '../../store/directory';
import { useLive } from '../../store/live';
import { useNow } from '../../store/now';

interface QueueRow extends QueueLive {
  id: string;
  name: string;
  target_ms: number | null;
}

function Longest({ row }: { row: QueueRow }) {
  const now = useNow();
  if (!row.longest_since || row.waiting === 0) return <span>—</span>;
  return (
    <Threshold level={levelOf(now - row.longest_since, row.target_ms)}>
      <Since at={row.longest_since} />
    </Threshold>
  );
}

function byLongest(a: QueueRow, b: QueueRow): number {
  const since = (row: QueueRow) => (row.waiting ? (row.longest_since ?? Infinity) : Infinity);
  return since(b) === since(a) ? 0 : since(b) - since(a);
}

function columns(): TableColumnsType<QueueRow> {
  return [
    { key: 'name', dataIndex: 'name', title: t('floor.queue'), ellipsis: true, sorter: (a, b) => a.name.localeCompare(b.name) },
    { key: 'waiting', dataIndex: 'waiting', title: t('floor.col_waiting'), width: 96, align: 'right', sorter: (a, b) => a.waiting - b.waiting },
    { key: 'longest', title: t('floor.col_longest'), width: 120, align: 'right', sorter: byLongest, render: (_, row) => <Longest row={row} /> },
    {
      key: 'target',
      title: t('floor.col_target'),
      width: 100,
      align: 'right',
      render: (_, row) => <span className="lx-t2">{row.target_ms === null ? '—' : span(row.target_ms)}</span>,
    },
    {
      key: 'expected',
      title: t('floor.col_expected'),
      width: 110,
      sorter: (a, b) => (a.expected_wait_ms ?? 0) - (b.expected_wait_ms ?? 0),
      align: 'right',
      render: (_, row) => (row.expected_wait_ms === null ? '—' : clock(row.expected_wait_ms)),
    },
    {
      key: 'agents',
      title: t('floor.col_agents'),
      width: 190,
      sorter: (a, b) => a.ready - b.ready,
      align: 'right',
      render: (_, row) => (
        <span>
          {row.ready} <span className="lx-t3">/</span> {row.busy} <span className="lx-t3">/</span> {row.not_ready}
        </span>
      ),
    },
  ];
}

export function Queues() {
  const tr = useT();
  const queues = useLive((l) => l.queues);
  const known = useLive((l) => l.known);
  const names = useDirectory('queues');
  const rows = Object.entries(queues)
    .map(([id, live]) => ({ ...live, id, name: names[id]?.name ?? id, target_ms: names[id]?.service_level_ms ?? null }))
    .sort((a, b) => b.waiting - a.waiting || a.name.localeCompare(b.name));
  return (
    <section className="lx-card floor-queues">
      <div className="lx-card-head">
        <h2>{tr('floor.queues')}</h2>
        <span className="lx-t2">{tr('list.count', { n: rows.length })}</span>
      </div>
      {known && rows.length === 0 ? (
        <Empty icon="queue" title={tr('floor.queues_none')} text={tr('floor.queues_none_what')} />
      ) : (
        <Table<QueueRow> rowKey="id" size="small" columns={columns()} dataSource={rows} pagination={false} tableLayout="fixed" />
      )}
    </section>
  );
}
