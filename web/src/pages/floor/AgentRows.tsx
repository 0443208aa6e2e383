import { Button, Table, type TableColumnsType } from 'antd';
import { Icon } from '../../components/Icon';
import { Since } from '../../components/Since';
import { StateShape } from '../../components/StateShape';
import { Threshold } from '../../components/Threshold';
import { t, tWord } from '../../i18n';
import { AgentDoing } from './AgentDoing';
import { AgentMenu } from './AgentMenu';
import type { AgentStanding } from './Agents';

function columns(): TableColumnsType<AgentStanding> {
  return [
    {
      key: 'name',
      title: t('floor.agent'),
      width: 180,
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
      align: 'right',
      render: (_, row) => (
        <Threshold level={row.level}>
          <Since at={row.live.since} />
        </Threshold>
      ),
    },
    { key: 'contact', title: t('floor.contact'), render: (_, row) => <AgentDoing live={row.live} limit_ms={row.limit_ms} /> },
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
