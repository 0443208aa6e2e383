// What can be done with the rows that are ticked, or with all of the filter.
import { Button } from 'antd';
import { useState } from 'react';
import type { ActionMeta, ResourceMeta, Row } from '../api/shapes';
import type { ListState } from '../api/useList';
import { labelOf, useT } from '../i18n';
import { figure } from '../i18n/format';
import { useAsk } from '../record/useAsk';
import { can } from '../store/meta';
import { maySome, useSession } from '../store/session';
import { changeable, type Act } from './bulk';
import { BulkChange } from './BulkChange';
import { BulkOutcome } from './BulkOutcome';
import { useBulk } from './useBulk';
import type { Chosen } from './useChosen';

interface Props {
  resource: ResourceMeta;
  list: ListState<Row>;
  chosen: Chosen;
}

interface ActsProps {
  resource: ResourceMeta;
  inBin: boolean;
  onChange: () => void;
  onRun: (act: Act) => void;
  onDelete: () => void;
  onPurge: () => void;
}

function useActions(resource: ResourceMeta): ActionMeta[] {
  const session = useSession();
  return (resource.actions ?? []).filter(({ name }) => maySome(session, [`${resource.name}.${name}`]));
}

function Acts({ resource, inBin, onChange, onRun, onDelete, onPurge }: ActsProps) {
  const t = useT();
  const actions = useActions(resource);
  if (inBin) {
    return (
      <>
        {can(resource, 'restore') && (
          <Button size="small" data-act="bulk-restore" onClick={() => onRun({ action: 'restore' })}>
            {t('record.restore')}
          </Button>
        )}
        {can(resource, 'purge') && (
          <Button size="small" danger data-act="bulk-purge" onClick={onPurge}>
            {t('record.purge')}
          </Button>
        )}
      </>
    );
  }
  return (
    <>
      {can(resource, 'update') && changeable(resource).length > 0 && (
        <Button size="small" data-act="bulk-change" onClick={onChange}>
          {t('bulk.change')}
        </Button>
      )}
      {actions.map(({ name, label }) => (
        <Button key={name} size="small" data-act={`bulk-${name}`} onClick={() => onRun({ action: name })}>
          {labelOf(label)}
        </Button>
      ))}
      {can(resource, 'delete') && (
        <Button size="small" danger data-act="bulk-delete" onClick={onDelete}>
          {t('admin.delete')}
        </Button>
      )}
    </>
  );
}

export function BulkBar({ resource, list, chosen }: Props) {
  const t = useT();
  const ask = useAsk();
  const { state, start, go, stop, close } = useBulk(resource, list, chosen);
  const [changing, setChanging] = useState(false);
  const n = chosen.all ? list.total : chosen.ids.size;
  const outcome = state && <BulkOutcome resource={resource} step={state.step} outcome={state.outcome} onGo={go} onStop={stop} onClose={close} />;
  if (chosen.ids.size === 0) return outcome;
  const more = !chosen.all && list.total > chosen.ids.size && (list.load.value?.items ?? []).every(({ id }) => chosen.ids.has(id));
  const remove = async () => {
    const what = t(can(resource, 'restore') ? 'record.delete_undo' : 'admin.delete_what');
    if (await ask(t('bulk.delete_ask', { n: figure(n), name: labelOf(resource.labels) }), what, t('admin.delete'))) start({ action: 'delete' });
  };
  const purge = async () => {
    if (await ask(t('bulk.purge_ask', { n: figure(n), name: labelOf(resource.labels) }), t('record.purge_what'), t('record.purge'))) start({ action: 'purge' });
  };
  const change = (act: Act) => {
    setChanging(false);
    start(act);
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
        <Acts resource={resource} inBin={list.params.get('deleted') === 'true'} onChange={() => setChanging(true)} onRun={start} onDelete={() => void remove()} onPurge={() => void purge()} />
        <Button size="small" type="text" onClick={chosen.clear}>
          {t('bulk.clear')}
        </Button>
      </span>
      {changing && <BulkChange resource={resource} n={n} onGo={change} onClose={() => setChanging(false)} />}
      {outcome}
    </div>
  );
}

// Everything in the bin that the list shows.
export function EmptyBin({ resource, list }: { resource: ResourceMeta; list: ListState<Row> }) {
  const t = useT();
  const ask = useAsk();
  const all: Chosen = { ids: new Set(), all: true, choose: () => {}, chooseAll: () => {}, clear: () => {} };
  const { state, start, go, stop, close } = useBulk(resource, list, all);
  const clear = async () => {
    if (await ask(t('bulk.purge_ask', { n: figure(list.total), name: labelOf(resource.labels) }), t('record.purge_what'), t('list.bin_clear'))) start({ action: 'purge' });
  };
  return (
    <>
      <Button danger data-act="bin-clear" disabled={list.total === 0} onClick={() => void clear()}>
        {t('list.bin_clear')}
      </Button>
      {state && <BulkOutcome resource={resource} step={state.step} outcome={state.outcome} onGo={go} onStop={stop} onClose={close} />}
    </>
  );
}
