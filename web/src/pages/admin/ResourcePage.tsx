// A resource's list with its form beside it; the open record stands in the address.
import { Button } from 'antd';
import { useEffect } from 'react';
import { useParams } from 'react-router';
import { useKeys } from '../../actions/useKeys';
import type { ResourceMeta, Row } from '../../api/shapes';
import { useList } from '../../api/useList';
import { Empty } from '../../components/Empty';
import { Icon } from '../../components/Icon';
import { Kbd } from '../../components/Kbd';
import { ListTable } from '../../components/ListTable';
import { NotFound } from '../../components/NotFound';
import { labelOf, useT } from '../../i18n';
import { onChanged } from '../../store/live';
import { useResource } from '../../store/meta';
import { columnsOf } from './columns';
import { RecordForm } from './RecordForm';
import { ResourceFilters } from './ResourceFilters';

function Lists({ resource }: { resource: ResourceMeta }) {
  const t = useT();
  const list = useList<Row>(resource.plural, 50, resource.sort);
  const open = list.params.get('open');
  const name = labelOf(resource.labels);
  const { again } = list.load;
  const show = (id: string | null) => list.setOpen(id);
  useKeys({ n: resource.rights.create && open === null ? () => show('new') : undefined });
  useEffect(() => onChanged((changed) => changed === resource.name && again()), [resource.name, again]);
  const searched = [...list.params.keys()].some((key) => !['page', 'sort', 'open'].includes(key));
  const empty = searched ? (
    <Empty icon="find" title={t('admin.no_match', { name })} text={t('admin.no_match_what')} />
  ) : (
    <Empty icon="list" title={t('admin.empty', { name })} text={resource.rights.create ? t('admin.empty_what') : t('admin.empty_read')} />
  );
  return (
    <div className={`admin-list ${open === null ? '' : 'admin-open'}`}>
      <div className="lx-page admin-main">
        <div className="lx-page-head">
          <h1>{name}</h1>
          {list.load.value && <span className="lx-t2">{t('list.count', { n: list.total })}</span>}
        </div>
        <div className="lx-row admin-tools">
          <ResourceFilters key={resource.plural} resource={resource} list={list} />
          <span className="lx-end lx-row">
            <Button icon={<Icon name="download" />} href={list.csv} download aria-label={t('list.export')} title={t('list.export')} />
            {resource.rights.create && (
              <Button type="primary" icon={<Icon name="plus" />} data-act="new" onClick={() => show('new')}>
                {t('admin.new', { name: labelOf(resource.label) })} <Kbd>N</Kbd>
              </Button>
            )}
          </span>
        </div>
        <ListTable list={list} columns={columnsOf(resource, open !== null)} empty={empty} selected={open} onRow={(row) => show(row.id)} />
      </div>
      {open !== null && (
        <RecordForm
          key={`${resource.plural}/${open}`}
          resource={resource}
          id={open === 'new' ? null : open}
          onDone={(id) => {
            again();
            show(id);
          }}
          onClose={() => show(null)}
        />
      )}
    </div>
  );
}

export function ResourcePage() {
  const { plural = '' } = useParams();
  const resource = useResource(plural);
  return resource ? <Lists key={plural} resource={resource} /> : <NotFound />;
}
