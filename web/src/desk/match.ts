import type { Entry } from '../store/directory';

const nameOf = (row: Entry) => String(row.number ?? row.name ?? '');

// Those whose name or number holds the text, exact beginnings first; everything for an empty text.
export function matching(rows: Entry[], text: string): Entry[] {
  const wanted = text.trim().toLowerCase();
  const places = (row: Entry) => [row.name ?? '', row.number ?? ''].map((value) => String(value).toLowerCase().indexOf(wanted)).filter((at) => at >= 0);
  return rows
    .map((row) => ({ row, at: Math.min(...places(row), Infinity) }))
    .filter(({ at }) => at !== Infinity)
    .sort((a, b) => a.at - b.at || nameOf(a.row).localeCompare(nameOf(b.row)))
    .map(({ row }) => row);
}
