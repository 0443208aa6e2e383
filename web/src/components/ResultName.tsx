// The result of a contact in the reader's language; its stored name where the result has been deleted since.
import type { Interaction } from '../api/shapes';
import { entryName, useDirectory } from '../store/directory';

export function ResultName({ row, otherwise = null }: { row: Pick<Interaction, 'result' | 'result_name'>; otherwise?: string | null }) {
  const results = useDirectory('dispositions');
  return <>{(row.result && entryName(results[row.result])) || row.result_name || otherwise}</>;
}
