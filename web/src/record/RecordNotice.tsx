import { Button } from 'antd';
import type { Use } from '../api/problem';
import type { ResourceMeta } from '../api/shapes';
import { ErrorNote } from '../components/ErrorNote';
import { RecordLink } from '../components/RecordLink';
import { labelOf, useT } from '../i18n';
import { resourceOf } from '../store/meta';
import { Conflict } from './Conflict';
import type { RecordState } from './useRecord';

interface Props {
  resource: ResourceMeta;
  name: string;
  state: RecordState;
}

// What still needs the record, each as a link to it.
function InUse({ name, uses }: { name: string; uses: Use[] }) {
  const t = useT();
  return (
    <div className="record-note" role="alert">
      <p className="lx-over">{t('admin.in_use', { name })}</p>
      {uses.length > 0 && (
        <ul className="record-uses">
          {uses.map((use, i) => (
            <li key={`${use.resource}/${use.id ?? i}`}>
              <span className="lx-t3">{labelOf(resourceOf(use.resource)?.label) || use.resource}</span> {use.id ? <RecordLink plural={use.resource} id={use.id} name={use.name} /> : t('record.hidden_use')}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

// Why the last act on the record did not go through, where it is not one field's fault; and what stands in it from before.
export function RecordNotice({ resource, name, state }: Props) {
  const t = useT();
  const { problem, theirs, record, restored } = state;
  if (theirs && record) return <Conflict key={String(theirs.version ?? theirs.updated)} resource={resource} state={state} record={record} theirs={theirs} />;
  if (problem?.code === 'in_use') return <InUse name={name} uses={problem.uses} />;
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
