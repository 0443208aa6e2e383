import { Input, Select } from 'antd';
import { useState } from 'react';
import type { FieldMeta, ResourceMeta, Row } from '../../api/shapes';
import type { ListState } from '../../api/useList';
import { Icon } from '../../components/Icon';
import { labelOf, useT } from '../../i18n';

interface Props {
  resource: ResourceMeta;
  list: ListState<Row>;
}

function Choice({ field, list }: { field: FieldMeta; list: ListState<Row> }) {
  const t = useT();
  const choices =
    field.type === 'boolean'
      ? [
          { value: 'true', label: t('field.yes') },
          { value: 'false', label: t('field.no') },
        ]
      : (field.choices ?? []).map((each) => ({ value: each.value, label: labelOf(each.label) }));
  return (
    <Select
      allowClear
      className="admin-choice"
      aria-label={labelOf(field.label)}
      placeholder={t('admin.filter', { name: labelOf(field.label) })}
      options={choices}
      value={list.params.get(field.name) ?? undefined}
      onChange={(made: string | undefined) => list.setFilter({ [field.name]: made ?? null })}
    />
  );
}

export function ResourceFilters({ resource, list }: Props) {
  const t = useT();
  const [text, setText] = useState(list.params.get('q') ?? '');
  const searchable = resource.fields.some((field) => field.search);
  const single = !resource.rights.create && !resource.rights.delete && resource.rights.update;
  const choices = single ? [] : resource.fields.filter(
    (field) => field.filterable && resource.columns.includes(field.name) && (field.type === 'enum' || field.type === 'boolean'),
  );
  const hint = t('admin.search', { name: labelOf(resource.labels) });
  return (
    <>
      {searchable && (
        <Input
          className="admin-search"
          allowClear
          prefix={<Icon name="find" size={14} />}
          placeholder={hint}
          aria-label={hint}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            if (event.target.value === '') list.setFilter({ q: null });
          }}
          onPressEnter={() => list.setFilter({ q: text.trim() })}
        />
      )}
      {choices.map((field) => (
        <Choice key={field.name} field={field} list={list} />
      ))}
    </>
  );
}
