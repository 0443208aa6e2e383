import { Button, Checkbox, Popover } from 'antd';
import type { ResourceMeta } from '../api/shapes';
import { Icon } from '../components/Icon';
import { labelOf, useT } from '../i18n';
import { possible, usualColumns } from './columns';
import type { Columns } from './useColumns';

// The title stays; what is added comes at the end, what is taken away leaves the others where they are.
export function ColumnPicker({ resource, columns }: { resource: ResourceMeta; columns: Columns }) {
  const t = useT();
  const { names, own, choose } = columns;
  const usual = usualColumns(resource);
  const fields = possible(resource);
  const ordered = [...usual.map((name) => fields.find((field) => field.name === name)).filter((field) => field !== undefined), ...fields.filter((field) => !usual.includes(field.name))];
  const toggle = (name: string, on: boolean) => choose(on ? [...names, name] : names.filter((each) => each !== name));
  const content = (
    <div className="picker" role="group" aria-label={t('list.columns')}>
      {ordered.map((field) => (
        <Checkbox key={field.name} checked={names.includes(field.name)} disabled={field.name === resource.title} onChange={(event) => toggle(field.name, event.target.checked)}>
          {labelOf(field.label) || field.name}
        </Checkbox>
      ))}
      <Button size="small" type="link" disabled={!own} onClick={() => choose(null)}>
        {t('list.columns_usual')}
      </Button>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" content={content} arrow={false}>
      <Button icon={<Icon name="columns" />} aria-label={t('list.columns')} title={t('list.columns')} data-act="columns" />
    </Popover>
  );
}
