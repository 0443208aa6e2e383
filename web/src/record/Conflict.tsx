// Somebody else was first: who, what he changed, and for each field that both touched, whose value stays.
import { Button, Radio } from 'antd';
import { useState } from 'react';
import type { FieldMeta, Page, ResourceMeta, Row } from '../api/shapes';
import { useLoad } from '../api/useLoad';
import { ThresholdShape } from '../components/Threshold';
import { textOf } from '../fields/types';
import { ValueShow } from '../fields/ValueShow';
import { labelOf, useT } from '../i18n';
import { longMoment } from '../i18n/format';
import { useResource } from '../store/meta';
import { clashesOf, type Clash } from './conflict';
import type { RecordState } from './useRecord';

interface Props {
  resource: ResourceMeta;
  state: RecordState;
  record: Row;
  theirs: Row;
}

function useWho(resource: ResourceMeta, id: string): string | null {
  const audit = useResource('audit');
  const { value } = useLoad<Page<Row>>(audit ? `/audit?resource=${resource.name}&record=${id}&sort=-created&limit=1` : null);
  const name = value?.items[0]?.actor_name;
  return typeof name === 'string' ? name : null;
}

interface FieldProps {
  clash: Clash;
  row: Row;
  theirs: boolean;
  onChoose: (theirs: boolean) => void;
}

function Field({ clash, row, theirs, onChoose }: FieldProps) {
  const t = useT();
  const { field, both } = clash;
  const show = (value: unknown) => <ValueShow field={field} value={value} row={row} />;
  if (!both) {
    return (
      <li>
        <b>{labelOf(field.label)}</b> <span className="lx-t3">{show(clash.base)}</span> → {show(clash.theirs)}
      </li>
    );
  }
  return (
    <li data-clash={field.name}>
      <b>{labelOf(field.label)}</b>
      <Radio.Group value={theirs} onChange={(event) => onChoose(event.target.value as boolean)}>
        <Radio value={false}>
          {t('conflict.mine')} {show(clash.mine)}
        </Radio>
        <Radio value={true}>
          {t('conflict.theirs')} {show(clash.theirs)}
        </Radio>
      </Radio.Group>
    </li>
  );
}

export function Conflict({ resource, state, record, theirs }: Props) {
  const t = useT();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const who = useWho(resource, theirs.id);
  const fields: FieldMeta[] = resource.fields.filter((field) => !field.read_only);
  const clashes = clashesOf(fields, record, theirs, state.edits);
  const row = { ...record, ...theirs };
  const choose = (name: string, on: boolean) =>
    setChosen((old) => {
      const made = new Set(old);
      if (on) made.add(name);
      else made.delete(name);
      return made;
    });
  const when = longMoment(textOf(theirs.updated));
  return (
    <div className="lx-notice lx-notice-near" role="alert">
      <ThresholdShape level="near" />
      <div className="conflict">
        <div>{who ? t('conflict.who', { who, when }) : t('conflict.somebody', { when })}</div>
        <ul>
          {clashes.map((clash) => (
            <Field key={clash.field.name} clash={clash} row={row} theirs={chosen.has(clash.field.name)} onChoose={(on) => choose(clash.field.name, on)} />
          ))}
        </ul>
        {clashes.length === 0 && <p>{t('conflict.nothing')}</p>}
        <div className="lx-acts">
          <Button size="small" type="primary" data-act="settle" loading={state.saving} onClick={() => void state.settle(chosen)}>
            {t('conflict.save')}
          </Button>
          <Button size="small" data-act="theirs" onClick={() => void state.reload()}>
            {t('conflict.load')}
          </Button>
        </div>
      </div>
    </div>
  );
}
