// What there is one of, as the centre's settings: its form is the page.
import type { Page, ResourceMeta, Row } from '../api/shapes';
import { useLoad } from '../api/useLoad';
import { Bones } from '../components/Bones';
import { ErrorNote } from '../components/ErrorNote';
import { RecordForm } from './RecordForm';

export function SinglePage({ resource }: { resource: ResourceMeta }) {
  const { value, problem, again } = useLoad<Page<Row>>(`/${resource.plural}?limit=1`);
  const row = value?.items[0];
  return (
    <div className="record-single">
      {problem && !row && <ErrorNote problem={problem} again={again} />}
      {row ? <RecordForm resource={resource} id={row.id} onDone={again} /> : !problem && <Bones rows={6} />}
    </div>
  );
}
