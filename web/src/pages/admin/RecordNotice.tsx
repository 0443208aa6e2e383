import { ErrorNote } from '../../components/ErrorNote';
import { useT } from '../../i18n';
import { Conflict } from './Conflict';
import type { RecordState } from './useRecord';

interface Props {
  name: string;
  state: RecordState;
  onSave: () => void;
}

// Why the last act on the record did not go through, where it is not one field's fault.
export function RecordNotice({ name, state, onSave }: Props) {
  const t = useT();
  const { problem, conflict } = state;
  if (!problem) return null;
  if (conflict) return <Conflict state={state} onSave={onSave} />;
  if (problem.status === 409) return <p className="record-note lx-over">{t('admin.in_use', { name })}</p>;
  return <ErrorNote problem={problem} />;
}
