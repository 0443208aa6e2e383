import { Button } from 'antd';
import { useEffect } from 'react';
import type { ResourceMeta, Row } from '../../api/shapes';
import type { ListState } from '../../api/useList';
import { useLoad } from '../../api/useLoad';
import { Bones } from '../../components/Bones';
import { Changes } from '../../components/Changes';
import { ErrorNote } from '../../components/ErrorNote';
import { Icon } from '../../components/Icon';
import { Kbd } from '../../components/Kbd';
import { RecordLink } from '../../components/RecordLink';
import { useT } from '../../i18n';
import { longMoment } from '../../i18n/format';
import '../../record/record.css';
import { resourceNamed } from '../../store/meta';
import { actionName, kindName } from './words';

interface Props {
  audit: ResourceMeta;
  id: string;
  known: Row | undefined;
  list: ListState<Row>;
}

function Detail({ audit, row, list }: { audit: ResourceMeta; row: Row; list: ListState<Row> }) {
  const t = useT();
  const kind = resourceNamed(String(row.resource));
  const record = row.record ? String(row.record) : null;
  return (
    <>
      <dl className="facts audit-facts">
        <dt>{t('audit.who')}</dt>
        <dd>{row.actor ? <RecordLink plural="users" id={String(row.actor)} name={String(row.actor_name)} /> : String(row.actor_name ?? '') || t('history.system')}</dd>
        <dt>{t('audit.when')}</dt>
        <dd>{longMoment(String(row.created))}</dd>
        <dt>{t('audit.address')}</dt>
        <dd>{String(row.address ?? '') || '—'}</dd>
        {record && (
          <>
            <dt>{kindName(audit, row)}</dt>
            <dd className="lx-row">
              {kind ? <RecordLink plural={kind.plural} id={record} name={row.record_name as string | null} /> : record}
              {list.params.get('record') !== record && (
                <Button size="small" type="link" onClick={() => list.setFilter({ record, resource: String(row.resource) })}>
                  {t('audit.all_of_it')}
                </Button>
              )}
            </dd>
          </>
        )}
      </dl>
      {row.changes ? <Changes fields={kind?.fields ?? []} changes={row.changes as Record<string, unknown>} names={row.names as Record<string, unknown> | null} /> : <p className="lx-t3">{t('audit.no_changes')}</p>}
    </>
  );
}

export function AuditDetail({ audit, id, known, list }: Props) {
  const t = useT();
  const { value, problem, again } = useLoad<Row>(known ? null : `/audit/${id}`);
  const row = known ?? value;
  const { setOpen } = list;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => event.key === 'Escape' && !event.defaultPrevented && setOpen(null);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [setOpen]);
  const title = row ? `${actionName(audit, row)} · ${kindName(audit, row)}` : t('audit.title');
  return (
    <aside className="record" aria-label={title}>
      <header className="record-head">
        <h2 className="lx-16 lx-cut lx-grow">{title}</h2>
        <Button type="text" size="small" icon={<Icon name="close" />} onClick={() => setOpen(null)}>
          <span className="lx-sr">{t('admin.close')}</span>
          <Kbd>Esc</Kbd>
        </Button>
      </header>
      <div className="record-body">
        {problem && <ErrorNote problem={problem} again={again} />}
        {!row && !problem && <Bones rows={4} />}
        {row && <Detail audit={audit} row={row} list={list} />}
      </div>
    </aside>
  );
}
