import { Button, DatePicker, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { filtersOf, type ListState } from '../../api/useList';
import type { Interaction, Page, Row } from '../../api/shapes';
import { useLoad } from '../../api/useLoad';
import { Icon } from '../../components/Icon';
import { tWord, useT, type Key } from '../../i18n';
import { ExportMenu } from '../../list/ExportMenu';
import { can, useResource } from '../../store/meta';
import { ViewMenu } from '../../views/ViewMenu';

const outcomes = ['answered', 'abandoned', 'flow', 'failed'];
const directions = ['inbound', 'outbound', 'internal'];

interface ChoiceProps {
  name: string;
  label: Key;
  list: ListState<Interaction>;
  options: { value: string; label: string }[];
}

function Choice({ name, label, list, options }: ChoiceProps) {
  const t = useT();
  const value = list.params.getAll(name);
  return (
    <Select
      mode="multiple"
      className="calls-choice"
      aria-label={t(label)}
      placeholder={t('calls.filter', { name: t(label), value: t('calls.any') })}
      maxTagCount="responsive"
      showSearch={{ optionFilterProp: 'label' }}
      value={value}
      options={options}
      onChange={(made: string[]) => list.setFilter({ [name]: made })}
    />
  );
}

function useNames(plural: string): { value: string; label: string }[] {
  const { value } = useLoad<Page<Row>>(`/${plural}?limit=500&fields=id,name`);
  return (value?.items ?? []).map((row) => ({ value: row.id, label: String(row.name) }));
}

function period(params: URLSearchParams): [Dayjs | null, Dayjs | null] {
  const at = (name: string) => {
    const text = params.get(name);
    return text ? dayjs(text) : null;
  };
  return [at('started.min'), at('started.max')];
}

export function Filters({ list }: { list: ListState<Interaction> }) {
  const t = useT();
  const queues = useNames('queues');
  const agents = useNames('agents');
  const [text, setText] = useState(list.params.get('q') ?? '');
  const words = (group: string, values: string[]) => values.map((value) => ({ value, label: tWord(group, value) }));
  const resource = useResource('interactions');
  const filtered = filtersOf(list.params);
  return (
    <div className="calls-filters">
      {resource && <ViewMenu resource={resource} list={list} />}
      <Input
        className="calls-search"
        allowClear
        prefix={<Icon name="find" size={14} />}
        placeholder={t('calls.search')}
        aria-label={t('calls.search')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === '') list.setFilter({ q: null });
        }}
        onPressEnter={() => list.setFilter({ q: text.trim() })}
      />
      <DatePicker.RangePicker
        showTime={{ format: 'HH:mm' }}
        format="MM-DD HH:mm"
        aria-label={t('calls.from_to')}
        className="calls-period"
        allowEmpty={[true, true]}
        value={period(list.params)}
        onChange={(made) =>
          list.setFilter({ 'started.min': made?.[0]?.toISOString() ?? null, 'started.max': made?.[1]?.toISOString() ?? null })
        }
      />
      <Choice name="outcome" label="calls.outcome" list={list} options={words('outcome', outcomes)} />
      <Choice name="direction" label="calls.direction" list={list} options={words('direction', directions)} />
      <Choice name="queue" label="calls.queue" list={list} options={queues} />
      <Choice name="agent" label="calls.agent" list={list} options={agents} />
      {filtered.length > 0 && (
        <Button
          type="link"
          onClick={() => {
            setText('');
            list.setFilter(Object.fromEntries(filtered.map((name) => [name, null])));
          }}
        >
          {t('list.clear')}
        </Button>
      )}
      <span className="lx-end">{can(resource, 'export') && resource && <ExportMenu resource={resource} list={list} columns={resource.columns} />}</span>
    </div>
  );
}
