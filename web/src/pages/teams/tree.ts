// Teams as the tree they are: each under the one above it; those whose head the reader may not see stand at the top.
import type { Row } from '../../api/shapes';

export interface Branch {
  row: Row;
  depth: number;
  below: number; // how many teams stand directly below it
}

const nameOf = (row: Row) => String(row.name ?? '');

export function branchesOf(rows: Row[], closed: ReadonlySet<string>): Branch[] {
  const known = new Set(rows.map(({ id }) => id));
  const under = new Map<string, Row[]>();
  for (const row of [...rows].sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'zh'))) {
    const above = typeof row.parent === 'string' && known.has(row.parent) ? row.parent : '';
    under.set(above, [...(under.get(above) ?? []), row]);
  }
  const branches: Branch[] = [];
  const walk = (above: string, depth: number) => {
    for (const row of under.get(above) ?? []) {
      const below = under.get(row.id)?.length ?? 0;
      branches.push({ row, depth, below });
      if (!closed.has(row.id)) walk(row.id, depth + 1);
    }
  };
  walk('', 0);
  return branches;
}
