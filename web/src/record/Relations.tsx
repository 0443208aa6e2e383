// What refers to a record: how many of which kind, each a way to their list.
import { Link } from 'react-router';
import type { Relation, ResourceMeta } from '../api/shapes';
import { useLoad } from '../api/useLoad';
import { Bones } from '../components/Bones';
import { Empty } from '../components/Empty';
import { ErrorNote } from '../components/ErrorNote';
import { labelOf, useT } from '../i18n';
import { figure } from '../i18n/format';
import { listOf } from '../store/places';
import { resourceOf } from '../store/meta';

const most = 10_000;

function Line({ relation, id }: { relation: Relation; id: string }) {
  const t = useT();
  const place = listOf(relation.resource, relation.field, id);
  const name = labelOf(resourceOf(relation.resource)?.labels) || relation.resource;
  const n = t(relation.total > most ? 'list.count_more' : 'list.count', { n: figure(Math.min(relation.total, most)) });
  return (
    <li className="lx-row" data-relation={`${relation.resource}/${relation.field}`}>
      {place ? <Link to={place}>{name}</Link> : <span>{name}</span>}
      <span className="lx-t3">{labelOf(relation.label)}</span>
      <span className="lx-end lx-t2">{n}</span>
    </li>
  );
}

export function Relations({ resource, id }: { resource: ResourceMeta; id: string }) {
  const t = useT();
  const { value, problem, loading, again } = useLoad<{ items: Relation[] }>(`/${resource.plural}/${id}/relations`);
  if (problem) return <ErrorNote problem={problem} again={again} />;
  if (!value) return loading ? <Bones rows={4} /> : null;
  if (value.items.length === 0) return <Empty icon="link" title={t('relations.none')} text={t('relations.none_what')} />;
  return (
    <ul className="relations">
      {value.items.map((relation) => (
        <Line key={`${relation.resource}/${relation.field}`} relation={relation} id={id} />
      ))}
    </ul>
  );
}
