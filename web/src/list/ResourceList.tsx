// A resource's list, drawn from its descriptor: search, filters, columns, rows; the form beside it stands in the address.
import { Button, type InputRef } from 'antd';
import { useEffect, useRef, type ReactNode, type RefObject } from 'react';
import { useNavigate } from 'react-router';
import { useKeys } from '../actions/useKeys';
import type { ResourceMeta, Row } from '../api/shapes';
import { filtersOf, useList, type ListState } from '../api/useList';
import { Empty } from '../components/Empty';
import { Icon } from '../components/Icon';
import { Kbd } from '../components/Kbd';
import { KeysHelp, type KeyRow } from '../components/KeysHelp';
import { ListTable } from '../components/ListTable';
import { labelIn, labelOf, useT } from '../i18n';
import { figure } from '../i18n/format';
import { RecordForm } from '../record/RecordForm';
import { onChanged } from '../store/live';
import { can, useResource } from '../store/meta';
import { useCurrentView, ViewMenu } from '../views/ViewMenu';
import { ViewStart } from '../views/ViewStart';
import { BulkBar, EmptyBin } from './BulkBar';
import { ColumnPicker } from './ColumnPicker';
import { columnsOf } from './columns';
import { ExportMenu } from './ExportMenu';
import { Filters } from './Filters';
import './list.css';
import { useChosen } from './useChosen';
import { useColumns, type Columns } from './useColumns';

const keys: KeyRow[] = [
  ['/', 'list.keys_search'],
  ['N', 'list.keys_new'],
  ['↑ ↓', 'list.keys_move'],
  ['Enter', 'list.keys_open'],
  ['Space', 'list.keys_choose'],
  ['Ctrl S', 'list.keys_save'],
  ['Esc', 'list.keys_close'],
];
const most = 10_000;

interface Props {
  resource: ResourceMeta;
  onOpen?: (row: Row) => void; // a page of its own instead of the form
  onMade?: (id: string) => void;
}

function Count({ total }: { total: number }) {
  const t = useT();
  return <span className="lx-t3">{t(total > most ? 'list.count_more' : 'list.count', { n: figure(Math.min(total, most)) })}</span>;
}

function Nothing({ resource, list }: { resource: ResourceMeta; list: ListState<Row> }) {
  const t = useT();
  const name = labelIn(resource.labels);
  const made = can(resource, 'create');
  const filters = filtersOf(list.params);
  if (filters.length === 1 && filters[0] === 'deleted') return <Empty icon="trash" title={t('list.bin_empty')} text={t('list.bin_empty_what', { name })} />;
  if (filters.length > 0) {
    const clear = () => list.setFilter(Object.fromEntries(filters.map((each) => [each, null])));
    return <Empty icon="find" title={t('admin.no_match', { name })} text={t('admin.no_match_what')} action={<Button onClick={clear}>{t('list.clear')}</Button>} />;
  }
  return (
    <Empty
      icon="list"
      title={t('admin.empty', { name })}
      text={made ? t('admin.empty_what') : t('admin.empty_read')}
      action={made && <Button onClick={() => list.setOpen('new')}>{t('admin.new', { name: labelIn(resource.label) })}</Button>}
    />
  );
}

function BinButton({ resource, list }: { resource: ResourceMeta; list: ListState<Row> }) {
  const t = useT();
  if (!can(resource, 'restore')) return null;
  const inBin = list.params.get('deleted') === 'true';
  const word = t(inBin ? 'list.bin_leave' : 'list.bin');
  return <Button icon={<Icon name="trash" />} aria-label={word} title={word} aria-pressed={inBin} data-act="bin" onClick={() => list.setFilter({ deleted: inBin ? null : 'true' })} />;
}

function ImportButton({ resource }: { resource: ResourceMeta }) {
  const t = useT();
  const go = useNavigate();
  const imports = useResource('imports');
  if (!imports || !can(resource, 'import')) return null;
  return <Button icon={<Icon name="upload" />} aria-label={t('import.menu')} title={t('import.menu')} data-act="import" onClick={() => void go(`/import/${resource.plural}`)} />;
}

interface ToolsProps {
  resource: ResourceMeta;
  columns: Columns;
  list: ListState<Row>;
  search: RefObject<InputRef | null>;
  children: ReactNode;
}

function Tools({ resource, columns, list, search, children }: ToolsProps) {
  const t = useT();
  return (
    <div className="lx-row list-tools">
      <ViewMenu resource={resource} list={list} columns={columns} />
      <Filters resource={resource} state={list} search={search} />
      <span className="lx-end lx-row">
        {list.params.get('deleted') === 'true' && can(resource, 'purge') && <EmptyBin resource={resource} list={list} />}
        <BinButton resource={resource} list={list} />
        {children}
        {can(resource, 'create') && (
          <Button type="primary" icon={<Icon name="plus" />} title={t('admin.new', { name: labelIn(resource.label) })} data-act="new" onClick={() => list.setOpen('new')}>
            <span className="list-word">
              {t('admin.new', { name: labelIn(resource.label) })} <Kbd>N</Kbd>
            </span>
          </Button>
        )}
      </span>
    </div>
  );
}

// Rows are ticked where something can be done with them.
function choosable(resource: ResourceMeta): boolean {
  return ['update', 'delete', 'restore', 'purge'].some((verb) => can(resource, verb));
}

function useListKeys(resource: ResourceMeta, list: ListState<Row>, search: RefObject<InputRef | null>): void {
  const free = list.params.get('open') === null;
  const toRows = () => document.querySelector<HTMLElement>('.dt [data-row][tabindex="0"]')?.focus();
  useKeys({
    n: can(resource, 'create') && free ? () => list.setOpen('new') : undefined,
    '/': () => search.current?.focus(),
    ArrowDown: document.activeElement === document.body ? toRows : undefined,
  });
}

function Loaded({ resource, onOpen, onMade }: Props) {
  const t = useT();
  const list = useList<Row>(resource.plural, resource.sort);
  const columns = useColumns(resource, useCurrentView(resource.plural, list.params));
  const chosen = useChosen(list.question);
  const search = useRef<InputRef>(null);
  const asked = list.params.get('open');
  const open = asked === 'new' && !can(resource, 'create') ? null : asked;
  const { again } = list.load;
  useListKeys(resource, list, search);
  useEffect(() => onChanged((changed) => changed === resource.name && again()), [resource.name, again]);
  return (
    <div className={`list-page ${open === null ? '' : 'list-with-form'}`}>
      <div className="lx-page list-main">
        <div className="lx-page-head">
          <h1>{labelOf(resource.labels)}</h1>
          {list.params.get('deleted') === 'true' && <span className="lx-t2">{t('list.bin')}</span>}
          {list.load.value && <Count total={list.total} />}
          {resource.help && <span className="lx-t2 lx-cut">{labelOf(resource.help)}</span>}
        </div>
        <Tools resource={resource} columns={columns} list={list} search={search}>
          <ImportButton resource={resource} />
          {resource.rights.export !== false && <ExportMenu resource={resource} list={list} columns={columns.names} />}
          <ColumnPicker resource={resource} columns={columns} />
        </Tools>
        <ListTable
          label={labelOf(resource.labels)}
          list={list}
          columns={columnsOf(resource, columns.list)}
          onResize={columns.resize}
          empty={<Nothing resource={resource} list={list} />}
          open={open}
          onOpen={onOpen ?? ((row) => list.setOpen(row.id))}
          {...(choosable(resource) ? { chosen: chosen.ids, onChoose: chosen.choose } : {})}
          {...(chosen.all ? { n_chosen: list.total } : {})}
          above={<BulkBar resource={resource} list={list} chosen={chosen} />}
          fit={open !== null}
        />
        <KeysHelp rows={keys} />
      </div>
      {open !== null && (
        <RecordForm
          key={`${resource.plural}/${open}`}
          resource={resource}
          id={open === 'new' ? null : open}
          bin={list.params.get('deleted') === 'true'}
          onDone={(id) => {
            again();
            if (open === 'new' && id !== null && onMade) onMade(id);
            else list.setOpen(id);
          }}
          onClose={() => list.setOpen(null)}
        />
      )}
      <span className="lx-sr" role="status">
        {open === null ? '' : t('list.form_open')}
      </span>
    </div>
  );
}

export function ResourceList(props: Props) {
  return (
    <ViewStart resource={props.resource}>
      <Loaded {...props} />
    </ViewStart>
  );
}
