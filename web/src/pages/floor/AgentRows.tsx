import { Button, Table, type TableColumnsType } from 'antd';
import { Link } from 'react-router';
import { Icon } from '../../components/Icon';
import { Since } from '../../components/Since';
import { StateShape } from '../../components/StateShape';
import { Threshold } from '../../components/Threshold';
import { t, tWord } from '../../i18n';
import { AgentDoing } from './AgentDoing';
import { AgentMenu } from './AgentMenu';
import type { AgentStanding } from './Agents';
import { byState } from './figures';

// What he has in hand leads to its page.
function Contact({ row }: { row: AgentStanding }) {
  const doing = <AgentDoing live={row.live} limit_ms={row.limit_ms} />;
  return row.live.interaction ? <Link to={`/interactions/${row.live.interaction}`}>{doing}</Link> : doing;
}

function columns(): TableColumnsType<AgentStanding> {
  return [
    {
      key: 'name',
      title: t('floor.agent'),
      width: 180,
      sorter: (a, b) => a.number.localeCompare(b.number, undefined, { numeric: true }),
      render: (_, row) => (
        <span>
          {row.name} <span className="lx-t3">{row.number}</span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('floor.state'),
      width: 120,
      sorter: (a, b) => byState(a, b) || a.live.since - b.live.since,
      render: (_, row) => (
        <span>
          <StateShape state={row.live.state} /> {tWord('state', row.live.state)}
        </span>
      ),
    },
    {
      key: 'time',
      title: t('floor.time'),
      width: 100,
      sorter: (a, b) => b.live.since - a.live.since,
      align: 'right',
      render: (_, row) => (
        <Threshold level={row.level}>
          <Since at={row.live.since} />
        </Threshold>
      ),
    },
    { key: 'contact', title: t('floor.contact'), render: (_, row) => <Contact row={row} /> },
    {
      key: 'acts',
      width: 48,
      render: (_, row) => (
        <AgentMenu id={row.id} live={row.live}>
          <Button type="text" size="small" aria-label={t('floor.menu', { name: row.name })} icon={<Icon name="more" />} />
        </AgentMenu>
      ),
    },
  ];
}

export function AgentRows({ standings }: { standings: AgentStanding[] }) {
  return <Table<AgentStanding> rowKey="id" size="small" columns={columns()} dataSource={standings} pagination={false} tableLayout="fixed" />;
}
