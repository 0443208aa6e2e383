// A list's table: rows of one height, drawn only where they are seen, chosen by boxes, walked by keys. Columns that do
// not fit leave from the right while something stands beside the list.
import { Checkbox } from 'antd';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useT } from '../i18n';
import { Icon } from './Icon';
import { moveTo, nextSort, widthsOf, windowOf } from './dataRows';
import { ColumnEdge } from './ColumnEdge';
import './dataTable.css';
import { useWidth } from './useWidth';

export interface Column<T> {
  key: string;
  title: ReactNode;
  width: number;
  set?: boolean; // by a person: no wider and no narrower
  right?: boolean;
  sortable?: boolean;
  render: (row: T) => ReactNode;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  first: number; // place of the first row in the whole list
  total: number;
  sort: string | null;
  onSort?: (sort: string | null) => void;
  chosen?: ReadonlySet<string>;
  onChoose?: (ids: string[], on: boolean) => void;
  open?: string | null;
  onOpen?: (row: T) => void;
  onResize?: (key: string, width: number | null) => void; // null: as usual
  fit?: boolean; // columns leave instead of being scrolled
  old?: boolean;
}

export const rowHeight = 40;
const boxWidth = 40;

function fitting<T>(columns: Column<T>[], width: number, boxes: boolean): Column<T>[] {
  let left = width - (boxes ? boxWidth : 0);
  return columns.filter((column, i) => {
    left -= column.width;
    return i < 2 || left >= 0;
  });
}

interface HeadProps<T> {
  column: Column<T>;
  width: number;
  sort: string | null;
  onSort: ((sort: string | null) => void) | undefined;
  onDrag: ((width: number | null) => void) | undefined;
  onResize: ((width: number | null) => void) | undefined;
}

function Head<T>({ column, width, sort, onSort, onDrag, onResize }: HeadProps<T>) {
  const mine = sort?.replace('-', '') === column.key;
  const down = sort?.startsWith('-') === true;
  const can = column.sortable === true && onSort !== undefined;
  return (
    <th scope="col" className={column.right ? 'dt-right' : ''} {...(mine ? { 'aria-sort': down ? ('descending' as const) : ('ascending' as const) } : {})}>
      {can ? (
        <button type="button" className="lx-plain dt-sort" onClick={() => onSort(nextSort(sort, column.key))}>
          <span className="lx-cut">{column.title}</span>
          <span className={`dt-arrow ${mine ? 'dt-arrow-on' : ''} ${mine && !down ? 'dt-arrow-up' : ''}`}>
            <Icon name="down" size={12} />
          </span>
        </button>
      ) : (
        column.title
      )}
      {onDrag && onResize && <ColumnEdge title={column.title} width={width} onDrag={onDrag} onEnd={onResize} />}
    </th>
  );
}

interface LineProps<T> extends Pick<Props<T>, 'chosen' | 'onChoose' | 'onOpen'> {
  row: T;
  columns: Column<T>[];
  at: number;
  first: number;
  focused: boolean;
  opened: boolean;
  onFocus: () => void;
}

function Line<T extends { id: string }>({ row, columns, at, first, focused, opened, chosen, onChoose, onOpen, onFocus }: LineProps<T>) {
  const t = useT();
  const picked = chosen?.has(row.id) === true;
  const choose = onChoose;
  const name = columns[0]?.render(row);
  return (
    <tr
      data-row={row.id}
      aria-rowindex={first + at + 2}
      aria-selected={opened || picked}
      tabIndex={focused ? 0 : -1}
      className={`${opened ? 'dt-open' : ''} ${picked ? 'dt-picked' : ''} ${onOpen ? 'dt-click' : ''}`}
      onFocus={onFocus}
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest('a, button, label, input')) onOpen?.(row);
      }}
    >
      {choose && (
        <td className="dt-box">
          <Checkbox tabIndex={-1} checked={picked} aria-label={t('list.choose')} onChange={(event) => choose([row.id], event.target.checked)} />
        </td>
      )}
      {columns.map((column, i) => (
        <td key={column.key} className={column.right ? 'dt-right' : ''}>
          {i === 0 ? name : column.render(row)}
        </td>
      ))}
    </tr>
  );
}

function useScrollTop() {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, top, height, onScroll: () => setTop(Math.floor((box.current?.scrollTop ?? 0) / rowHeight) * rowHeight) };
}

export function DataTable<T extends { id: string }>(props: Props<T>) {
  const { label, rows, first, total, sort, onSort, chosen, onChoose, open, onOpen, onResize, fit, old } = props;
  const t = useT();
  const { box, top, height, onScroll } = useScrollTop();
  const width = useWidth(box, 1000);
  const [at, setAt] = useState(0);
  const [drag, setDrag] = useState<{ key: string; width: number } | null>(null);
  const columns = drag ? props.columns.map((each) => (each.key === drag.key ? { ...each, width: drag.width, set: true } : each)) : props.columns;
  const shown = fit ? fitting(columns, width, onChoose !== undefined) : columns;
  const { from, to } = windowOf(rows.length, top, height, rowHeight);
  const all = rows.length > 0 && rows.every((row) => chosen?.has(row.id));
  const some = !all && rows.some((row) => chosen?.has(row.id));
  const boxes = onChoose ? boxWidth : 0;
  const needed = shown.reduce((sum, each) => sum + each.width, 0);
  const widths = widthsOf(shown, width - boxes);
  const here = Math.min(at, Math.max(0, rows.length - 1));

  const goTo = (next: number, mark: boolean) => {
    const row = rows[next];
    const element = box.current;
    if (!row || !element) return;
    const head = element.querySelector('thead')?.clientHeight ?? 0;
    const y = next * rowHeight;
    if (y < element.scrollTop) element.scrollTo({ top: y });
    if (y + rowHeight > element.scrollTop + element.clientHeight - head) element.scrollTo({ top: y + rowHeight - element.clientHeight + head });
    setAt(next);
    if (mark) onChoose?.([row.id], true);
    requestAnimationFrame(() => element.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.id)}"]`)?.focus({ preventScroll: true }));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey && event.key === 'a' && onChoose) {
      event.preventDefault();
      onChoose(rows.map((row) => row.id), true);
      return;
    }
    if (!(event.target as HTMLElement).matches('[data-row], .dt-scroll')) return;
    const next = moveTo(event.key, here, rows.length, Math.max(1, Math.floor(height / rowHeight) - 2));
    const row = rows[here];
    if (next !== null) {
      event.preventDefault();
      goTo(next, event.shiftKey);
    } else if (event.key === 'Enter' && row) onOpen?.(row);
    else if (event.key === ' ' && row && onChoose) {
      event.preventDefault();
      onChoose([row.id], !chosen?.has(row.id));
    }
  };
  return (
    <div ref={box} className={`dt-scroll ${old ? 'lx-old' : ''}`} onScroll={onScroll} onKeyDown={onKey}>
      <table role="grid" className="dt" aria-label={label} aria-rowcount={total + 1} aria-multiselectable={onChoose !== undefined} style={{ minWidth: needed + boxes }}>
        <colgroup>
          {onChoose && <col style={{ width: boxWidth }} />}
          {shown.map((column, i) => (
            <col key={column.key} style={{ width: widths[i] }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {onChoose && (
              <th scope="col" className="dt-box">
                <Checkbox checked={all} indeterminate={some} aria-label={t('list.choose_page')} onChange={(event) => onChoose(rows.map((row) => row.id), event.target.checked)} />
              </th>
            )}
            {shown.map((column, i) => (
              <Head
                key={column.key}
                column={column}
                width={widths[i] ?? column.width}
                sort={sort}
                onSort={onSort}
                onDrag={onResize && ((made) => setDrag(made === null ? null : { key: column.key, width: made }))}
                onResize={onResize && ((made) => onResize(column.key, made))}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {from > 0 && <tr aria-hidden="true" style={{ height: from * rowHeight }} />}
          {rows.slice(from, to).map((row, i) => (
            <Line
              key={row.id}
              row={row}
              columns={shown}
              at={from + i}
              first={first}
              focused={from + i === here}
              opened={open === row.id}
              {...(chosen ? { chosen } : {})}
              {...(onChoose ? { onChoose } : {})}
              {...(onOpen ? { onOpen } : {})}
              onFocus={() => setAt(from + i)}
            />
          ))}
          {to < rows.length && <tr aria-hidden="true" style={{ height: (rows.length - to) * rowHeight }} />}
        </tbody>
      </table>
    </div>
  );
}
