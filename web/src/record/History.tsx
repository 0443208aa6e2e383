// What happened to one record: who did what, when, and what it changed.
import type { Page, ResourceMeta, Row } from '../api/shapes';
import { useLoad } from '../api/useLoad';
import { Bones } from '../components/Bones';
import { Changes } from '../components/Changes';
import { Empty } from '../components/Empty';
import { ErrorNote } from '../components/ErrorNote';
import { labelOf, useT } from '../i18n';
import { longMoment } from '../i18n/format';
import { useResource } from '../store/meta';

const limit = 50;

export function History({ resource, id }: { resource: ResourceMeta; id: string }) {
  const t = useT();
  const audit = useResource('audit');
  const { value, problem, loading, again } = useLoad<Page<Row>>(`/audit?resource=${resource.name}&record=${id}&sort=-created&limit=${limit}`);
  const actions = audit?.fields.find(({ name }) => name === 'action')?.choices ?? [];
  if (problem) return <ErrorNote problem={problem} again={again} />;
  if (!value) return loading ? <Bones rows={5} /> : null;
  if (value.items.length === 0) return <Empty icon="clock" title={t('history.none')} text={t('history.none_what')} />;
  return (
    <ol className="history">
      {value.items.map((row) => (
        <li key={row.id}>
          <div className="lx-row">
            <span>{String(row.actor_name ?? '') || t('history.system')}</span>
            <span className="lx-t2">{labelOf(actions.find((each) => each.value === row.action)?.label) || String(row.action)}</span>
            <time className="lx-end lx-t3 lx-12" dateTime={String(row.created)}>
              {longMoment(String(row.created))}
            </time>
          </div>
          <Changes fields={resource.fields} changes={row.changes as Record<string, unknown> | null} names={row.names as Record<string, unknown> | null} />
        </li>
      ))}
    </ol>
  );
}
