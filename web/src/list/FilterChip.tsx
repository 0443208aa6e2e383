// One filter as a drop-down: what it is by, what it is set to, and the choice by the type of the field.
import { Button, Checkbox, DatePicker, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import type { FieldMeta } from '../api/shapes';
import { useFound } from '../fields/useFound';
import { labelOf, t as say, useT } from '../i18n';
import { Chip } from './Chip';
import { choicesOf, isSet, paramsOf, spanned, summary } from './filters';

export interface FilterState {
  params: URLSearchParams;
  setFilter: (changes: Record<string, string | string[] | null>) => void;
}

interface Props {
  field: FieldMeta;
  state: FilterState;
  opened?: boolean; // just asked for
}

function Choices({ field, state }: Props) {
  return (
    <Checkbox.Group
      className="picker"
      options={choicesOf(field)}
      value={state.params.getAll(field.name)}
      onChange={(made) => state.setFilter({ [field.name]: made.map(String) })}
    />
  );
}

function Refs({ field, state, onNames }: Props & { onNames: (names: Record<string, string>) => void }) {
  const { found, setText } = useFound(field.ref ?? '');
  const value = state.params.getAll(field.name);
  return (
    <Select
      mode="multiple"
      className="filter-wide"
      aria-label={labelOf(field.label)}
      showSearch={{ filterOption: false, onSearch: setText }}
      onOpenChange={(open) => open && setText('')}
      options={found}
      value={value}
      onChange={(made: string[], options) => {
        onNames(Object.fromEntries([options].flat().map((each) => [String((each as { value: string }).value), String((each as { label: string }).label)])));
        state.setFilter({ [field.name]: made });
      }}
    />
  );
}

function Numbers({ field, state }: Props) {
  const scale = field.type === 'duration' ? 1000 : 1;
  const bound = (end: 'min' | 'max') => {
    const name = `${field.name}.${end}`;
    const text = state.params.get(name);
    return (
      <InputNumber<number>
        aria-label={say(end === 'min' ? 'list.from' : 'list.to', { name: labelOf(field.label) })}
        placeholder={say(end === 'min' ? 'list.least' : 'list.most')}
        value={text === null ? null : Number(text) / scale}
        onChange={(made) => state.setFilter({ [name]: made === null ? null : String(Math.round(made * scale)) })}
      />
    );
  };
  return (
    <div className="lx-row">
      {bound('min')} – {bound('max')}
    </div>
  );
}

const days = [1, 7, 30];

function Times({ field, state }: Props) {
  const t = useT();
  const at = (end: string) => {
    const text = state.params.get(`${field.name}.${end}`);
    return text ? dayjs(text) : null;
  };
  const write = (moment: dayjs.Dayjs | null | undefined) => (!moment ? null : field.type === 'date' ? moment.format('YYYY-MM-DD') : moment.toISOString());
  const set = (from: dayjs.Dayjs | null | undefined, to: dayjs.Dayjs | null | undefined) => state.setFilter({ [`${field.name}.min`]: write(from), [`${field.name}.max`]: write(to) });
  return (
    <div className="picker">
      <div className="lx-row">
        {days.map((n) => (
          <Button key={n} size="small" onClick={() => set(dayjs().subtract(n - 1, 'day').startOf('day'), null)}>
            {n === 1 ? t('list.today') : t('list.days', { n })}
          </Button>
        ))}
      </div>
      <DatePicker.RangePicker aria-label={labelOf(field.label)} allowEmpty={[true, true]} value={[at('min'), at('max')]} onChange={(made) => set(made?.[0]?.startOf('day'), made?.[1]?.endOf('day'))} />
    </div>
  );
}

function Exactly({ field, state }: Props) {
  const t = useT();
  return (
    <Input
      allowClear
      aria-label={labelOf(field.label)}
      placeholder={t('list.exactly')}
      defaultValue={state.params.get(field.name) ?? ''}
      onPressEnter={(event) => state.setFilter({ [field.name]: event.currentTarget.value.trim() || null })}
      onBlur={(event) => state.setFilter({ [field.name]: event.currentTarget.value.trim() || null })}
    />
  );
}

function Editor(props: Props & { onNames: (names: Record<string, string>) => void }) {
  const { type } = props.field;
  if (type === 'time' || type === 'date') return <Times {...props} />;
  if (spanned.has(type)) return <Numbers {...props} />;
  if (type === 'ref') return <Refs {...props} />;
  return choicesOf(props.field).length > 0 ? <Choices {...props} /> : <Exactly {...props} />;
}

export function FilterChip({ field, state, opened = false }: Props) {
  const [open, setOpen] = useState(opened);
  const [names, setNames] = useState<Record<string, string>>({});
  const clear = () => state.setFilter(Object.fromEntries(paramsOf(field).map((name) => [name, null])));
  return (
    <Chip name={field.name} label={labelOf(field.label) || field.name} value={summary(field, state.params, names)} set={isSet(field, state.params)} open={open} onOpen={setOpen} onClear={clear}>
      <Editor field={field} state={state} onNames={(more) => setNames((old) => ({ ...old, ...more }))} />
    </Chip>
  );
}
