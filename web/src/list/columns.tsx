// A resource's fields as columns of a list, and which of them a person has chosen.
import type { FieldMeta, ResourceMeta, Row } from '../api/shapes';
import type { Column } from '../components/DataTable';
import { FieldShow } from '../fields/FieldShow';
import { labelOf, words } from '../i18n';
import { isTrail } from '../store/meta';
import type { ColumnChoice } from './useColumns';

const widths: Record<string, number> = { boolean: 84, integer: 96, number: 110, money: 120, duration: 120, time: 150, date: 110, enum: 112, json: 120, text: 240, list: 200, ref: 140, choices: 180 };
const right = new Set(['integer', 'number', 'money', 'duration']);
const never = new Set(['secret', 'json', 'file']);

const moment = (name: string, label: readonly [string, string]): FieldMeta => ({ name, type: 'time', label: { zh: label[0], en: label[1] }, sortable: true, filterable: true, read_only: true });
const created = moment('created', words['list.created']);
const updated = moment('updated', words['list.updated']);

// Every field that could stand in the list; when it was made and changed is known of all of them.
export function possible(resource: ResourceMeta): FieldMeta[] {
  const own = resource.fields.filter((field) => !never.has(field.type) && !field.write_only);
  const more = [created, updated].filter(({ name }) => !own.some((field) => field.name === name));
  return [...own, ...(isTrail(resource) ? [created] : more)];
}

export function usualColumns(resource: ResourceMeta): string[] {
  return isTrail(resource) ? ['created', ...resource.columns] : resource.columns;
}

function Cell({ field, row }: { field: FieldMeta; row: Row }) {
  return <FieldShow field={field} value={row[field.name]} row={row} />;
}

export function columnsOf(resource: ResourceMeta, chosen: ColumnChoice[]): Column<Row>[] {
  const fields = possible(resource);
  return chosen
    .map(({ name, width }) => ({ field: fields.find((each) => each.name === name), width }))
    .filter((each): each is { field: FieldMeta; width: number | null } => each.field !== undefined)
    .map(({ field, width: own }) => ({
      key: field.name,
      title: labelOf(field.label) || field.name,
      width: own ?? (field.name === resource.title ? 170 : (widths[field.type] ?? 140)),
      set: own !== null,
      right: right.has(field.type),
      sortable: field.sortable === true,
      render: (row: Row) =>
        field.name === resource.title ? (
          <span className="lx-accent">
            <Cell field={field} row={row} />
          </span>
        ) : (
          <Cell field={field} row={row} />
        ),
    }));
}
