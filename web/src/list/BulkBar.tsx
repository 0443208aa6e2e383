// What can be done with the rows that are ticked, or with all of the filter; how far it is, and what was refused.
import { App, Button, Modal, Progress as Bar, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '../api/problem';
import type { FieldMeta, ResourceMeta, Row } from '../api/shapes';
import type { ListState } from '../api/useList';
import { problemTitle } from '../components/ErrorNote';
import { ThresholdShape } from '../components/Threshold';
import { checkForm, errorText } from '../fields/check';
import { fieldTypes } from '../fields/registry';
import { labelOf, useT } from '../i18n';
import { figure } from '../i18n/format';
import { useAsk } from '../record/useAsk';
import { can } from '../store/meta';
import { idsOf, runBulk, type Act, type Progress } from './bulk';
import type { Chosen } from './useChosen';

interface Props {
  resource: ResourceMeta;
  list: ListState<Row>;
  chosen: Chosen;
}

const never = new Set(['secret', 'json', 'list', 'file']);

function changeable(resource: ResourceMeta): FieldMeta[] {
  return resource.fields.filter((field) => !field.read_only && !field.create_only && !field.masked && !never.has(field.type) && field.name !== resource.title);
}

function Change({ resource, n, onGo, onClose }: { resource: ResourceMeta; n: number; onGo: (act: Act) => void; onClose: () => void }) {
  const t = useT();
  const fields = changeable(resource);
  const [name, setName] = useState(fields[0]?.name ?? '');
  const [value, setValue] = useState<unknown>(fields[0]?.default ?? null);
  const field = fields.find((each) => each.name === name);
  const Edit = (fieldTypes[field?.type ?? 'string'] ?? fieldTypes.string).Edit;
  const wrong = field ? checkForm([field], { [field.name]: value }, true) : [];
  return (
    <Modal open title={t('bulk.change_title', { n: figure(n) })} okText={t('bulk.change_do', { n: figure(n) })} cancelText={t('admin.cancel')} okButtonProps={{ disabled: !field || wrong.length > 0 }} onOk={() => onGo({ kind: 'change', field: name, value })} onCancel={onClose}>
      <div className="bulk-form">
        <label htmlFor="bulk-field">{t('bulk.field')}</label>
        <Select
          id="bulk-field"
          className="field-wide"
          value={name}
          options={fields.map((each) => ({ value: each.name, label: labelOf(each.label) || each.name }))}
          onChange={(made: string) => {
            setName(made);
            setValue(fields.find((each) => each.name === made)?.default ?? null);
          }}
        />
        {field && (
          <>
            <label htmlFor="bulk-value">{t('bulk.value')}</label>
            <Edit key={name} field={field} value={value} row={undefined} id="bulk-value" invalid={false} disabled={false} onChange={setValue} />
          </>
        )}
      </div>
    </Modal>
  );
}

function Outcome({ resource, progress, onStop, onClose }: { resource: ResourceMeta; progress: Progress; onStop: () => void; onClose: () => void }) {
  const t = useT();
  const { done, total, refused, over } = progress;
  const fieldOf = (name: string): FieldMeta => resource.fields.find((each) => each.name === name) ?? { name, type: 'string' };
  return (
    <Modal open closable={over} title={t(over ? 'bulk.over' : 'bulk.running')} footer={over ? <Button type="primary" data-act="bulk-close" onClick={onClose}>{t('admin.close')}</Button> : <Button data-act="bulk-stop" onClick={onStop}>{t('bulk.stop')}</Button>} onCancel={onClose}>
      <Bar percent={total === 0 ? 100 : Math.floor((done * 100) / total)} showInfo={false} strokeColor="var(--lx-accent)" aria-label={t('bulk.running')} />
      <p role="status" data-bulk={over ? 'over' : 'running'}>
        {t('bulk.done', { done: figure(done - refused.length), total: figure(total) })}
        {refused.length > 0 && ` · ${t('bulk.refused', { n: figure(refused.length) })}`}
      </p>
      <ul className="bulk-refused">
        {refused.map(({ id, name, problem }) => (
          <li key={id}>
            <span className="lx-over">
              <ThresholdShape level="over" />
            </span>{' '}
            {name} <span className="lx-t2">{problem.errors[0] ? errorText(problem.errors[0], fieldOf(problem.errors[0].field)) : problem.code === 'in_use' ? t('bulk.in_use') : problemTitle(problem)}</span>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

function useRun({ resource, list, chosen }: Props) {
  const [progress, setProgress] = useState<Progress | null>(null);
  const { message } = App.useApp();
  const wanted = useRef(true);
  useEffect(
    () => () => {
      wanted.current = false;
    },
    [],
  );
  const run = async (act: Act) => {
    wanted.current = true;
    const going = () => wanted.current;
    setProgress({ done: 0, total: chosen.all ? list.total : chosen.ids.size, refused: [], over: false });
    try {
      const ids = chosen.all ? await idsOf(resource.plural, list.question, going) : [...chosen.ids];
      setProgress(await runBulk(resource, ids, act, setProgress, going));
    } catch (error) {
      setProgress(null);
      void message.error(problemTitle(asProblem(error)));
    }
    list.load.again();
  };
  const close = () => {
    setProgress(null);
    chosen.clear();
  };
  return { progress, run, stop: () => (wanted.current = false), close };
}

interface ActsProps {
  resource: ResourceMeta;
  inBin: boolean;
  onChange: () => void;
  onRun: (act: Act) => void;
  onDelete: () => void;
}

function Acts({ resource, inBin, onChange, onRun, onDelete }: ActsProps) {
  const t = useT();
  if (inBin) {
    return can(resource, 'restore') ? (
      <Button size="small" data-act="bulk-restore" onClick={() => onRun({ kind: 'restore' })}>
        {t('record.restore')}
      </Button>
    ) : null;
  }
  return (
    <>
      {can(resource, 'update') && changeable(resource).length > 0 && (
        <Button size="small" data-act="bulk-change" onClick={onChange}>
          {t('bulk.change')}
        </Button>
      )}
      {can(resource, 'delete') && (
        <Button size="small" danger data-act="bulk-delete" onClick={onDelete}>
          {t('admin.delete')}
        </Button>
      )}
    </>
  );
}

export function BulkBar(props: Props) {
  const { resource, list, chosen } = props;
  const t = useT();
  const ask = useAsk();
  const { progress, run, stop, close } = useRun(props);
  const [changing, setChanging] = useState(false);
  const n = chosen.all ? list.total : chosen.ids.size;
  const outcome = progress && <Outcome resource={resource} progress={progress} onStop={stop} onClose={close} />;
  if (chosen.ids.size === 0) return outcome;
  const more = !chosen.all && list.total > chosen.ids.size && (list.load.value?.items ?? []).every(({ id }) => chosen.ids.has(id));
  const remove = async () => {
    const what = t(can(resource, 'restore') ? 'record.delete_undo' : 'admin.delete_what');
    if (await ask(t('bulk.delete_ask', { n: figure(n), name: labelOf(resource.labels) }), what, t('admin.delete'))) await run({ kind: 'delete' });
  };
  const change = (act: Act) => {
    setChanging(false);
    void run(act);
  };
  return (
    <div className="bulk lx-row" role="group" aria-label={t('bulk.title')}>
      <span>{t(chosen.all ? 'bulk.all' : 'bulk.some', { n: figure(n) })}</span>
      {more && (
        <Button size="small" type="link" data-act="choose-all" onClick={chosen.chooseAll}>
          {t('bulk.choose_all', { n: figure(list.total) })}
        </Button>
      )}
      <span className="lx-end lx-row">
        <Acts resource={resource} inBin={list.params.get('deleted') === 'true'} onChange={() => setChanging(true)} onRun={(act) => void run(act)} onDelete={() => void remove()} />
        <Button size="small" type="text" onClick={chosen.clear}>
          {t('bulk.clear')}
        </Button>
      </span>
      {changing && <Change resource={resource} n={n} onGo={change} onClose={() => setChanging(false)} />}
      {outcome}
    </div>
  );
}
