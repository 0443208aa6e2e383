// The audit trail: who did what to which record, when, from where; the old and the new values beside it.
import { useEffect } from 'react';
import { Button } from 'antd';
import type { FieldMeta, ResourceMeta, Row } from '../../api/shapes';
import { filtersOf, useList, type ListState } from '../../api/useList';
import type { Column } from '../../components/DataTable';
import { changeOf } from '../../components/changeFields';
import { Empty } from '../../components/Empty';
import { ListTable } from '../../components/ListTable';
import { NoRight } from '../../components/NoRight';
import { labelOf, useT } from '../../i18n';
import { shortMoment } from '../../i18n/format';
import { ExportMenu } from '../../list/ExportMenu';
import { FilterChip } from '../../list/FilterChip';
import { possible } from '../../list/columns';
import '../../list/list.css';
import { onChanged } from '../../store/live';
import { resourceNamed, useMeta, useResource } from '../../store/meta';
import { useRefName } from '../../store/names';
import { ViewMenu } from '../../views/ViewMenu';
import { ViewStart } from '../../views/ViewStart';
import { AuditDetail } from './AuditDetail';
import { RecordChip } from './RecordChip';
import { actionName, kindName } from './words';

const filters = ['created', 'actor', 'action', 'resource'];
const few = 4;

// As it was called then, which is known of what is gone too.
function WhatName({ row }: { row: Row }) {
  const kind = resourceNamed(String(row.resource));
  const said = typeof row.record_name === 'string' ? row.record_name : '';
  const name = useRefName(kind?.plural ?? '', kind && row.record && said === '' ? String(row.record) : null);
  return <span className="lx-cut">{said || name || (row.record ? String(row.record) : '')}</span>;
}

function Summary({ row }: { row: Row }) {
  const t = useT();
  const fields = resourceNamed(String(row.resource))?.fields ?? [];
  const names = Object.entries((row.changes as Record<string, unknown> | null) ?? {}).map(([key, value]) => changeOf(fields, key, value).label);
  const words = [...new Set(names)];
  return (
    <span className="lx-t2">
      {words.slice(0, few).join(t('field.comma'))}
      {words.length > few && ` +${words.length - few}`}
    </span>
  );
}

function columnsOf(audit: ResourceMeta, t: ReturnType<typeof useT>): Column<Row>[] {
  return [
    { key: 'created', title: t('audit.when'), width: 132, sortable: true, render: (row) => <span className="lx-accent">{shortMoment(String(row.created))}</span> },
    { key: 'actor', title: t('audit.who'), width: 110, render: (row) => String(row.actor_name ?? '') || t('history.system') },
    { key: 'action', title: t('audit.what'), width: 110, render: (row) => actionName(audit, row) },
    { key: 'resource', title: t('audit.kind'), width: 120, render: (row) => kindName(audit, row) },
    { key: 'record', title: t('audit.record'), width: 150, render: (row) => <WhatName row={row} /> },
    { key: 'changes', title: t('audit.fields'), width: 260, render: (row) => <Summary row={row} /> },
    { key: 'address', title: t('audit.address'), width: 120, render: (row) => String(row.address ?? '') || '—' },
  ];
}

function Tools({ audit, list }: { audit: ResourceMeta; list: ListState<Row> }) {
  const t = useT();
  const fields = filters.map((name) => possible(audit).find((field) => field.name === name)).filter((field): field is FieldMeta => field !== undefined);
  const set = filtersOf(list.params);
  return (
    <div className="lx-row list-tools">
      <ViewMenu resource={audit} list={list} />
      {fields.map((field) => (
        <FilterChip key={field.name} field={{ ...field, label: field.name === 'created' ? { zh: t('audit.when'), en: t('audit.when') } : (field.label ?? field.name) } as FieldMeta} state={list} />
      ))}
      <RecordChip audit={audit} list={list} />
      {set.length > 0 && (
        <Button type="link" onClick={() => list.setFilter(Object.fromEntries(set.map((name) => [name, null])))}>
          {t('list.clear')}
        </Button>
      )}
      <span className="lx-end">
        <ExportMenu resource={audit} list={list} columns={['created', 'actor', 'action', 'resource', 'record', 'address', 'changes']} />
      </span>
    </div>
  );
}

function Trail({ audit }: { audit: ResourceMeta }) {
  const t = useT();
  const list = useList<Row>('audit', '-created');
  const open = list.params.get('open');
  const { again } = list.load;
  useEffect(() => onChanged(() => again()), [again]);
  const row = list.load.value?.items.find(({ id }) => id === open);
  const empty =
    filtersOf(list.params).length > 0 ? (
      <Empty icon="find" title={t('audit.no_match')} text={t('admin.no_match_what')} />
    ) : (
      <Empty icon="shield" title={t('audit.empty')} text={t('history.none_what')} />
    );
  return (
    <div className={`list-page ${open === null ? '' : 'list-with-form'}`}>
      <div className="lx-page list-main">
        <div className="lx-page-head">
          <h1>{labelOf(audit.labels)}</h1>
          <span className="lx-t2 lx-cut">{t('audit.about')}</span>
        </div>
        <Tools audit={audit} list={list} />
        <ListTable label={labelOf(audit.labels)} list={list} columns={columnsOf(audit, t)} empty={empty} open={open} onOpen={(each) => list.setOpen(each.id)} fit={open !== null} />
      </div>
      {open !== null && <AuditDetail key={open} audit={audit} id={open} known={row} list={list} />}
    </div>
  );
}

export function AuditPage() {
  const t = useT();
  const { meta } = useMeta();
  const audit = useResource('audit');
  if (!meta) return null;
  if (audit)
    return (
      <ViewStart resource={audit}>
        <Trail audit={audit} />
      </ViewStart>
    );
  return <NoRight page={t('audit.title')} right={t('audit.right')} />;
}
