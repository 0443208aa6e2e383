import { Table, type TableColumnsType } from 'antd';
import type { Leg } from '../../api/shapes';
import { t, tWord, useT } from '../../i18n';
import { clock } from '../../i18n/format';
import { callerText } from '../../i18n/number';

function lasted(leg: Leg): string {
  return leg.answered && leg.ended ? clock(Date.parse(leg.ended) - Date.parse(leg.answered)) : '—';
}

function columns(): TableColumnsType<Leg> {
  return [
    { key: 'role', title: t('contact.role'), width: 76, render: (_, leg) => tWord('leg', leg.role) },
    { key: 'address', title: t('contact.address'), ellipsis: true, render: (_, leg) => leg.agent_name ?? callerText(leg.address) },
    { key: 'codec', title: t('contact.codec'), width: 76, render: (_, leg) => leg.codec ?? '—' },
    { key: 'talk', title: t('calls.talk'), width: 76, align: 'right', render: (_, leg) => lasted(leg) },
    { key: 'cause', title: t('contact.cause'), width: 96, ellipsis: true, render: (_, leg) => (leg.cause ? tWord('cause', leg.cause) : '—') },
  ];
}

export function Legs({ legs }: { legs: Leg[] }) {
  const tr = useT();
  return (
    <section className="lx-card contact-part">
      <div className="lx-card-head">
        <h2>{tr('contact.legs')}</h2>
        <span className="lx-count">{legs.length}</span>
      </div>
      <Table<Leg> rowKey="id" size="small" columns={columns()} dataSource={legs} pagination={false} tableLayout="fixed" />
    </section>
  );
}
