// What is above a list: the search, filters at hand, and the rest of them.
import { Button, Dropdown, Input, type InputRef } from 'antd';
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { ResourceMeta } from '../api/shapes';
import { Icon } from '../components/Icon';
import { Kbd } from '../components/Kbd';
import { labelIn, labelOf, useT } from '../i18n';
import { FilterChip, type FilterState } from './FilterChip';
import { atHand, filterable } from './filters';

interface Props {
  resource: ResourceMeta;
  state: FilterState;
  search: RefObject<InputRef | null>;
}

const pause_ms = 300;

function Search({ resource, state, search }: Props) {
  const t = useT();
  const asked = state.params.get('q') ?? '';
  const [text, setText] = useState(asked);
  const [seen, setSeen] = useState(asked);
  if (asked !== seen) {
    // Cleared from elsewhere; what is being typed is not taken back.
    setSeen(asked);
    if (asked === '') setText('');
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const fields = resource.fields.filter((field) => field.search).map((field) => labelOf(field.label));
  const set = (made: string, now: boolean) => {
    setText(made);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => state.setFilter({ q: made.trim() || null }), now ? 0 : pause_ms);
  };
  return (
    <Input
      ref={search}
      className="list-search"
      allowClear
      prefix={<Icon name="find" size={14} />}
      suffix={text === '' ? <Kbd>/</Kbd> : <span />}
      placeholder={fields.slice(0, 3).join(t('field.comma'))}
      aria-label={t('admin.search', { name: labelIn(resource.labels) })}
      value={text}
      onChange={(event) => set(event.target.value, event.target.value === '')}
      onPressEnter={() => set(text, true)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
        if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('.dt [data-row]')?.focus();
      }}
    />
  );
}

export function Filters({ resource, state, search }: Props) {
  const t = useT();
  const [asked, setAsked] = useState<string[]>([]);
  const shown = atHand(resource, state.params, asked);
  const rest = filterable(resource).filter((field) => !shown.includes(field));
  const used = [...state.params.keys()].filter((name) => name !== 'sort' && name !== 'open' && name !== 'page' && name !== 'tab' && name !== 'view');
  return (
    <>
      {resource.fields.some((field) => field.search) && <Search resource={resource} state={state} search={search} />}
      {shown.map((field) => (
        <FilterChip key={field.name} field={field} state={state} opened={asked.includes(field.name)} />
      ))}
      {rest.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{ items: rest.map((field) => ({ key: field.name, label: labelOf(field.label) || field.name })), onClick: ({ key }) => setAsked((old) => [...old, key]), className: 'filter-menu' }}
        >
          <Button type="text" icon={<Icon name="plus" size={14} />} title={t('list.more_filters')} data-act="more-filters">
            <span className="list-word">{t('list.more_filters')}</span>
          </Button>
        </Dropdown>
      )}
      {used.length > 0 && (
        <Button
          type="link"
          onClick={() => {
            setAsked([]);
            state.setFilter(Object.fromEntries(used.map((name) => [name, null])));
          }}
        >
          {t('list.clear')}
        </Button>
      )}
    </>
  );
}
