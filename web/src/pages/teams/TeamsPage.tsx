// The tree of teams: who leads each, what stands below it; a team opens beside the tree.
import { Button } from 'antd';
import { useEffect, useState, type KeyboardEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useKeys } from '../../actions/useKeys';
import type { Page, ResourceMeta, Row } from '../../api/shapes';
import { useLoad } from '../../api/useLoad';
import { Bones } from '../../components/Bones';
import { Empty } from '../../components/Empty';
import { ErrorNote } from '../../components/ErrorNote';
import { Icon } from '../../components/Icon';
import { Kbd } from '../../components/Kbd';
import { labelIn, labelOf, useT } from '../../i18n';
import { figure } from '../../i18n/format';
import '../../list/list.css';
import { RecordForm } from '../../record/RecordForm';
import { onChanged } from '../../store/live';
import { can } from '../../store/meta';
import './teams.css';
import { branchesOf, type Branch } from './tree';

interface LineProps {
  branch: Branch;
  resource: ResourceMeta;
  closed: boolean;
  open: boolean;
  onFold: () => void;
  onOpen: () => void;
  onAdd: () => void;
}

function Line({ branch, resource, closed, open, onFold, onOpen, onAdd }: LineProps) {
  const t = useT();
  const { row, depth, below } = branch;
  const name = String(row.name);
  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter') onOpen();
    if ((event.key === 'ArrowLeft' && !closed && below > 0) || (event.key === 'ArrowRight' && closed)) onFold();
    const step = event.key === 'ArrowDown' ? 'nextElementSibling' : event.key === 'ArrowUp' ? 'previousElementSibling' : null;
    if (step) {
      event.preventDefault();
      (event.currentTarget[step] as HTMLElement | null)?.focus();
    }
  };
  return (
    <li role="treeitem" aria-level={depth + 1} aria-selected={open} {...(below > 0 ? { 'aria-expanded': !closed } : {})} tabIndex={0} data-team={row.id} className={`team ${open ? 'team-open' : ''}`} style={{ paddingLeft: 14 + depth * 22 }} onKeyDown={onKey} onClick={onOpen}>
      <button type="button" className="lx-plain team-fold" tabIndex={-1} aria-hidden={below === 0} aria-label={t(closed ? 'teams.unfold' : 'teams.fold', { name })} style={{ visibility: below > 0 ? 'visible' : 'hidden' }} onClick={(event) => (event.stopPropagation(), onFold())}>
        <Icon name={closed ? 'right' : 'down'} size={14} />
      </button>
      <span className="lx-accent lx-cut">{name}</span>
      {typeof row.leader_name === 'string' && <span className="lx-t2 lx-nowrap">{t('teams.leader', { name: row.leader_name })}</span>}
      {typeof row.note === 'string' && <span className="lx-t3 lx-cut">{row.note}</span>}
      <span className="lx-end lx-row team-acts" onClick={(event) => event.stopPropagation()}>
        <Link to={`/admin/users?team=${row.id}`} className="lx-12">
          {t('teams.people')}
        </Link>
        {can(resource, 'create') && (
          <Button size="small" type="text" icon={<Icon name="plus" size={14} />} aria-label={t('teams.add_below', { name })} title={t('teams.add_below', { name })} onClick={onAdd} />
        )}
      </span>
    </li>
  );
}

function useTeams(resource: ResourceMeta) {
  const load = useLoad<Page<Row>>('/teams?limit=500&sort=name');
  const { again } = load;
  useEffect(() => onChanged((changed) => changed === resource.name && again()), [resource.name, again]);
  return load;
}

function Tree({ resource, open, onShow }: { resource: ResourceMeta; open: string | null; onShow: (id: string, above?: string) => void }) {
  const t = useT();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const { value, problem, again, loading } = useTeams(resource);
  const branches = branchesOf(value?.items ?? [], closed);
  const fold = (id: string) =>
    setClosed((old) => {
      const made = new Set(old);
      if (!made.delete(id)) made.add(id);
      return made;
    });
  const nothing = <Empty icon="three" title={t('admin.empty', { name: labelIn(resource.labels) })} text={t(can(resource, 'create') ? 'admin.empty_what' : 'admin.empty_read')} />;
  return (
    <div className="lx-card list-card">
      {problem && <ErrorNote problem={problem} again={again} />}
      {!value && loading && <Bones rows={6} />}
      {value && branches.length === 0 && nothing}
      {branches.length > 0 && (
        <ul role="tree" aria-label={labelOf(resource.labels)} className="teams">
          {branches.map((branch) => (
            <Line
              key={branch.row.id}
              branch={branch}
              resource={resource}
              closed={closed.has(branch.row.id)}
              open={open === branch.row.id}
              onFold={() => fold(branch.row.id)}
              onOpen={() => onShow(branch.row.id)}
              onAdd={() => onShow('new', branch.row.id)}
            />
          ))}
        </ul>
      )}
      {value && (
        <div className="lx-row pager">
          <span className="lx-t2 lx-12">{t('teams.count', { n: figure(value.items.length) })}</span>
        </div>
      )}
    </div>
  );
}

export function TeamsPage({ resource }: { resource: ResourceMeta }) {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const open = params.get('open');
  const above = params.get('parent');
  const show = (id: string | null, parent?: string) => setParams({ ...(id ? { open: id } : {}), ...(parent ? { parent } : {}) }, { replace: true });
  const may = can(resource, 'create');
  useKeys({ n: may && open === null ? () => show('new') : undefined });
  return (
    <div className={`list-page ${open === null ? '' : 'list-with-form'}`}>
      <div className="lx-page list-main">
        <div className="lx-page-head">
          <h1>{labelOf(resource.labels)}</h1>
          <span className="lx-t2 lx-cut">{t('teams.about')}</span>
          {may && (
            <Button className="lx-end" type="primary" icon={<Icon name="plus" />} data-act="new" onClick={() => show('new')}>
              {t('admin.new', { name: labelIn(resource.label) })} <Kbd>N</Kbd>
            </Button>
          )}
        </div>
        <Tree resource={resource} open={open} onShow={show} />
      </div>
      {open !== null && <RecordForm key={`${open}/${above}`} resource={resource} id={open === 'new' ? null : open} {...(above ? { given: { parent: above } } : {})} onDone={show} onClose={() => show(null)} />}
    </div>
  );
}
