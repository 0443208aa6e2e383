// The card of a list: the frame at once, old rows greyed while new ones come, sort on the server, words for an empty list and
// a failed one, and how many of how many at its foot.
import type { ReactNode } from 'react';
import type { ListState } from '../api/useList';
import { Bones } from './Bones';
import { DataTable, type Column } from './DataTable';
import { ErrorNote } from './ErrorNote';
import { Pager } from './Pager';

interface Props<T> {
  label: string;
  list: ListState<T>;
  columns: Column<T>[];
  empty: ReactNode;
  open?: string | null;
  onOpen?: (row: T) => void;
  chosen?: ReadonlySet<string>;
  onChoose?: (ids: string[], on: boolean) => void;
  fit?: boolean;
  onResize?: (key: string, width: number | null) => void;
  above?: ReactNode;
  n_chosen?: number; // where more are chosen than are seen
}

function Foot<T>({ list, chosen, n_chosen }: { list: ListState<T>; chosen: ReadonlySet<string> | undefined; n_chosen: number | undefined }) {
  const { load, page, limit, total } = list;
  const n = n_chosen ?? chosen?.size;
  return (
    <Pager
      page={page}
      limit={limit}
      shown={load.value?.items.length ?? 0}
      total={total}
      more={load.value?.next !== null}
      onPage={list.setPage}
      onLimit={list.setLimit}
      {...(n === undefined ? {} : { chosen: n })}
    />
  );
}

function Rows<T extends { id: string }>({ list, ...props }: Props<T>) {
  const { load, sort, page, limit, total } = list;
  return <DataTable<T> {...props} rows={load.value?.items ?? []} first={page * limit} total={total} sort={sort} onSort={list.setSort} old={load.loading} />;
}

export function ListTable<T extends { id: string }>(props: Props<T>) {
  const { list, empty, above, chosen, n_chosen } = props;
  const { load } = list;
  const some = load.value !== undefined && load.value.items.length > 0;
  return (
    <div className="lx-card list-card">
      {load.problem && <ErrorNote problem={load.problem} again={load.again} />}
      {above}
      {load.value === undefined && load.loading && <Bones rows={10} />}
      {load.value !== undefined && !some && empty}
      {some && <Rows {...props} />}
      {some && <Foot list={list} chosen={chosen} n_chosen={n_chosen} />}
    </div>
  );
}
