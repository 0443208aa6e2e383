import type { TableColumnsType } from 'antd';
import type { FieldMeta, ResourceMeta, Row } from '../../api/shapes';
import { fieldTypes } from '../../fields/registry';
import { labelOf } from '../../i18n';

const widths: Record<string, number> = { boolean: 90, integer: 96, duration: 120, time: 150, enum: 120, json: 120, text: 260, list: 220 };
const right = new Set(['integer', 'duration']);

function Cell({ field, row }: { field: FieldMeta; row: Row }) {
  const { Show } = fieldTypes[field.type] ?? fieldTypes.string;
  return <Show field={field} value={row[field.name]} row={row} />;
}

// With a form beside it the list keeps its first columns: they leave from the right.
export function columnsOf(resource: ResourceMeta, narrow: boolean): TableColumnsType<Row> {
  const names = narrow ? resource.columns.slice(0, 3) : resource.columns;
  return names
    .map((name) => resource.fields.find((field) => field.name === name))
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
