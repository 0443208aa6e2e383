// The table of a list page: the frame at once, old rows greyed while new ones come, sort on the server, and words for
// an empty list and a failed one.
import { Table, type TableColumnsType } from 'antd';
import type { SorterResult } from 'antd/es/table/interface';
import type { ReactNode } from 'react';
import type { ListState } from '../api/useList';
import { Bones } from './Bones';
import { ErrorNote } from './ErrorNote';
import { Pager } from './Pager';

interface Props<T> {
  list: ListState<T>;
  columns: TableColumnsType<T>;
  empty: ReactNode;
  selected?: string | null;
  onRow?: (row: T) => void;
}

export function ListTable<T extends { id: string }>({ list, columns, empty, selected, onRow }: Props<T>) {
  const { load, sort, page, limit, total } = list;
  const items = load.value?.items ?? [];
  const ordered = columns.map((column) => {
    if (!('sorter' in column) || !column.sorter || !sort) return column;
    const field = sort.replace('-', '');
    if (column.key !== field) return { ...column, sortOrder: null };
    return { ...column, sortOrder: sort.startsWith('-') ? ('descend' as const) : ('ascend' as const) };
  });
  const changeSort = (sorter: SorterResult<T> | SorterResult<T>[]) => {
    const one = Array.isArray(sorter) ? sorter[0] : sorter;
    if (!one?.order || one.columnKey === undefined) list.setSort(null);
    else list.setSort(`${one.order === 'descend' ? '-' : ''}${String(one.columnKey)}`);
  };
  const width = columns.reduce((sum, column) => sum + (typeof column.width === 'number' ? column.width : 0), 0);
  return (
    <div className="lx-card list-card">
      {load.problem && <ErrorNote problem={load.problem} again={load.again} />}
      {load.value === undefined && load.loading && <Bones rows={10} />}
      {load.value !== undefined && items.length === 0 && empty}
      {items.length > 0 && (
        <div className={`list-rows ${load.loading ? 'lx-old' : ''}`}>
          <Table<T>
            rowKey="id"
            size="large"
            columns={ordered}
            dataSource={items}
            pagination={false}
            tableLayout="fixed"
            scroll={{ x: width }}
            sticky
            showSorterTooltip={false}
            onChange={(_, __, sorter) => changeSort(sorter)}
            rowClassName={(row) => (row.id === selected ? 'ant-table-row-selected' : '')}
            onRow={(row) => (onRow ? { onClick: () => onRow(row), className: 'list-click' } : {})}
          />
        </div>
      )}
      {load.value !== undefined && items.length > 0 && (
        <Pager page={page} limit={limit} shown={items.length} total={total} more={load.value.next !== null} onPage={list.setPage} />
      )}
    </div>
  );
}
