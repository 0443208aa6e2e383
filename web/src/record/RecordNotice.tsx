import { Button } from 'antd';
import type { ResourceMeta } from '../api/shapes';
import { ErrorNote } from '../components/ErrorNote';
import { useT } from '../i18n';
import { Conflict } from './Conflict';
import type { RecordState } from './useRecord';

interface Props {
  resource: ResourceMeta;
  name: string;
  state: RecordState;
}

// Why the last act on the record did not go through, where it is not one field's fault; and what stands in it from before.
export function RecordNotice({ resource, name, state }: Props) {
  const t = useT();
  const { problem, theirs, record, restored } = state;
  if (theirs && record) return <Conflict key={String(theirs.version ?? theirs.updated)} resource={resource} state={state} record={record} theirs={theirs} />;
  if (problem?.status === 409) return <p className="record-note lx-over" role="alert">{problem.code === 'in_use' ? t('admin.in_use', { name }) : t('error.state')}</p>;
  if (problem) return <ErrorNote problem={problem} />;
  if (!restored || !state.dirty) return null;
  return (
    <p className="record-note record-restored" role="status">
      {t('record.restored')}
      <Button type="link" size="small" onClick={state.discard}>
        {t('admin.discard')}
      </Button>
    </p>
  );
}
