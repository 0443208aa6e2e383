// The arithmetic of a list's table: which rows are drawn, where a key leads, how a column's sort goes on.
const spare = 6;

export function windowOf(n: number, top: number, height: number, row: number): { from: number; to: number } {
  const from = Math.max(0, Math.floor(top / row) - spare);
  return { from: Math.min(from, n), to: Math.min(n, Math.ceil((top + height) / row) + spare) };
}

export function moveTo(key: string, at: number, n: number, page: number): number | null {
  const by: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: n - 1 };
  const to = by[key];
  return to === undefined || n === 0 ? null : Math.min(n - 1, Math.max(0, to));
}

// Up, down, and back to the list's own order.
export function nextSort(sort: string | null, field: string): string | null {
  if (sort === field) return `-${field}`;
  return sort === `-${field}` ? null : field;
}

interface Wide {
  width: number;
  set?: boolean;
  right?: boolean;
}

// Room that is left over goes to the columns whose width nobody has set, in proportion, and to those of words before those
// of figures; to the last one when all are set.
export function widthsOf(columns: Wide[], room: number): number[] {
  const spare = Math.max(0, room - columns.reduce((sum, { width }) => sum + width, 0));
  const words = columns.some(({ set, right }) => !set && !right);
  const takes = ({ set, right }: Wide) => !set && !(words && right);
  const free = columns.filter(takes).reduce((sum, { width }) => sum + width, 0);
  return columns.map((column, i) => {
    const { width } = column;
    if (free === 0) return width + (i === columns.length - 1 ? spare : 0);
    return takes(column) ? Math.floor(width + (spare * width) / free) : width;
  });
}
