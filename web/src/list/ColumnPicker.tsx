import { Button, Checkbox, Popover } from 'antd';
import type { KeyboardEvent } from 'react';
import type { FieldMeta, ResourceMeta } from '../api/shapes';
import { Icon } from '../components/Icon';
import { labelOf, useT } from '../i18n';
import { possible } from './columns';
import type { Columns } from './useColumns';

interface LineProps {
  field: FieldMeta;
  at: number; // -1: not shown
  last: number;
  fixed: boolean;
  columns: Columns;
}

function Line({ field, at, last, fixed, columns }: LineProps) {
  const t = useT();
  const label = labelOf(field.label) || field.name;
  const { names, choose, move } = columns;
  const onKey = (event: KeyboardEvent) => {
    const by = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
    if (by === undefined || at < 0) return;
    event.preventDefault();
    move(field.name, by);
  };
  return (
    <li className="lx-row picker-line" data-column={field.name} onKeyDown={onKey}>
      <Checkbox checked={at >= 0} disabled={fixed} onChange={(event) => choose(event.target.checked ? [...names, field.name] : names.filter((each) => each !== field.name))}>
        {label}
      </Checkbox>
      {at >= 0 && (
        <span className="lx-end">
          <Button type="text" size="small" className="picker-up" icon={<Icon name="down" size={12} />} disabled={at === 0} aria-label={t('list.column_up', { name: label })} onClick={() => move(field.name, -1)} />
          <Button type="text" size="small" icon={<Icon name="down" size={12} />} disabled={at === last} aria-label={t('list.column_down', { name: label })} onClick={() => move(field.name, 1)} />
        </span>
      )}
    </li>
  );
}

// Those that are shown, in their order; then what could be shown. The title stays.
export function ColumnPicker({ resource, columns }: { resource: ResourceMeta; columns: Columns }) {
  const t = useT();
  const { names, own, choose } = columns;
  const fields = possible(resource);
  const shown = names.map((name) => fields.find((field) => field.name === name)).filter((field) => field !== undefined);
  const rest = fields.filter((field) => !names.includes(field.name));
  const content = (
    <div className="picker-pop" role="group" aria-label={t('list.columns')}>
      <ul className="picker-columns">
        {[...shown, ...rest].map((field) => (
          <Line key={field.name} field={field} at={names.indexOf(field.name)} last={names.length - 1} fixed={field.name === resource.title} columns={columns} />
        ))}
      </ul>
      <span className="lx-row picker-foot">
        <span className="lx-t3 lx-12">{t('list.columns_keys')}</span>
        <Button size="small" type="link" className="lx-end" disabled={!own} onClick={() => choose(null)}>
          {t('list.columns_usual')}
        </Button>
      </span>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" content={content} arrow={false}>
      <Button icon={<Icon name="columns" />} aria-label={t('list.columns')} title={t('list.columns')} data-act="columns" />
    </Popover>
  );
}
