// The trail of one record alone: of what kind it is, then which one, found by its name. The address holds the id.
import { Select } from 'antd';
import { useState } from 'react';
import type { ResourceMeta, Row } from '../../api/shapes';
import type { ListState } from '../../api/useList';
import { useFound } from '../../fields/useFound';
import { labelOf, useT } from '../../i18n';
import { Chip } from '../../list/Chip';
import { resourceNamed } from '../../store/meta';
import { useRefName } from '../../store/names';

interface Props {
  audit: ResourceMeta;
  list: ListState<Row>;
}

function kindsOf(audit: ResourceMeta): { value: string; label: string }[] {
  const choices = audit.fields.find(({ name }) => name === 'resource')?.choices ?? [];
  return choices.filter(({ value }) => resourceNamed(value)).map(({ value, label }) => ({ value, label: labelOf(label) }));
}

function Picker({ audit, list, kind, onDone }: Props & { kind: ResourceMeta | undefined; onDone: () => void }) {
  const t = useT();
  const { found, setText } = useFound(kind?.plural ?? '');
  return (
    <>
      <Select<string>
        className="filter-wide"
        aria-label={t('audit.kind')}
        placeholder={t('audit.kind')}
        showSearch={{ optionFilterProp: 'label' }}
        options={kindsOf(audit)}
        value={kind?.name ?? null}
        onChange={(resource) => list.setFilter({ resource, record: null })}
      />
      <Select<string>
        key={kind?.name}
        className="filter-wide"
        aria-label={t('audit.record')}
        placeholder={t('audit.by_name')}
        disabled={!kind}
        showSearch={{ filterOption: false, onSearch: setText }}
        onOpenChange={(open) => open && setText('')}
        options={found}
        value={null}
        onChange={(record) => {
          list.setFilter({ record });
          onDone();
        }}
      />
    </>
  );
}

export function RecordChip({ audit, list }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const id = list.params.get('record');
  const kinds = list.params.getAll('resource');
  const kind = kinds.length === 1 ? resourceNamed(kinds[0] ?? '') : undefined;
  const now = useRefName(kind?.plural ?? '', id);
  const then = list.load.value?.items.find(({ record }) => record === id)?.record_name;
  const name = now ?? (typeof then === 'string' && then !== '' ? then : id);
  return (
    <Chip name="record" label={t('audit.record')} value={name ?? t('list.all')} set={id !== null} open={open} onOpen={setOpen} onClear={() => list.setFilter({ record: null })}>
      <Picker audit={audit} list={list} kind={kind} onDone={() => setOpen(false)} />
    </Chip>
  );
}
