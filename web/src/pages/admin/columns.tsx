import type { TableColumnsType } from 'antd';
import type { FieldMeta, ResourceMeta, Row } from '../../api/shapes';
import { fieldTypes } from '../../fields/registry';
import { labelOf, words } from '../../i18n';

const widths: Record<string, number> = { boolean: 90, integer: 96, duration: 120, time: 150, enum: 120, json: 120, text: 260, list: 220 };
// What nobody writes is read by its time.
export function isTrail({ rights }: ResourceMeta): boolean {
  return !rights.create && !rights.update;
}

const created: FieldMeta = { name: 'created', type: 'time', label: { zh: words['admin.when'][0], en: words['admin.when'][1] }, sortable: true };

const right = new Set(['integer', 'duration']);

function Cell({ field, row }: { field: FieldMeta; row: Row }) {
  const { Show } = fieldTypes[field.type] ?? fieldTypes.string;
  return <Show field={field} value={row[field.name]} row={row} />;
}

// With a form beside it the list keeps its first columns: they leave from the right.
export function columnsOf(resource: ResourceMeta, narrow: boolean): TableColumnsType<Row> {
  const shown = isTrail(resource) ? ['created', ...resource.columns] : resource.columns;
  const fields = [...resource.fields, created];
  const names = narrow ? shown.slice(0, 3) : shown;
  return names
    .map((name) => fields.find((field) => field.name === name))
    .filter((field) => field !== undefined)
    .map((field) => ({
      key: field.name,
      title: labelOf(field.label),
      width: widths[field.type] ?? 170,
      ellipsis: true,
      sorter: field.sortable === true,
      align: right.has(field.type) ? ('right' as const) : ('left' as const),
      render: (_: unknown, row: Row) =>
        field.name === resource.title ? (
          <span className="lx-accent">
            <Cell field={field} row={row} />
          </span>
        ) : (
          <Cell field={field} row={row} />
        ),
    }));
}
