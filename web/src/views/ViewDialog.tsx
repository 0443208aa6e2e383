// A view's name, with whom it is shared, and whether a list begins with it.
import { Checkbox, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { asProblem, type Problem } from '../api/problem';
import type { View } from '../api/types';
import { ErrorNote } from '../components/ErrorNote';
import { errorText } from '../fields/check';
import { RefEdit } from '../fields/RefEdit';
import { useT } from '../i18n';
import { resourceOf } from '../store/meta';
import { useMay } from '../store/session';
import './views.css';

export interface Wanted {
  name: string;
  shared: View['shared'];
  team: string | null;
  standard: boolean;
  columns: boolean;
  usual: boolean;
}

interface Props {
  view: View | null; // null: a new one
  usual: boolean;
  taken: string[];
  hasColumns: boolean;
  onSave: (wanted: Wanted) => Promise<void>;
  onClose: () => void;
}

function Sharing({ wanted, change }: { wanted: Wanted; change: (more: Partial<Wanted>) => void }) {
  const t = useT();
  const field = resourceOf('views')?.fields.find(({ name }) => name === 'team');
  const choices = [
    { value: 'nobody', label: t('view.share_nobody') },
    ...(resourceOf('teams') ? [{ value: 'team', label: t('view.share_team') }] : []),
    { value: 'all', label: t('view.share_all') },
  ];
  return (
    <fieldset className="view-part">
      <legend>{t('view.share')}</legend>
      <Radio.Group className="view-share" value={wanted.shared} options={choices} onChange={(event) => change({ shared: event.target.value as View['shared'], standard: wanted.standard && event.target.value !== 'nobody' })} />
      {wanted.shared === 'team' && field && <RefEdit field={field} value={wanted.team} row={undefined} id="view-team" invalid={false} disabled={false} onChange={(team) => change({ team: team as string | null })} />}
      {wanted.shared !== 'nobody' && (
        <Checkbox checked={wanted.standard} onChange={(event) => change({ standard: event.target.checked })}>
          {t('view.standard')}
        </Checkbox>
      )}
    </fieldset>
  );
}

function wantedOf(view: View | null, hasColumns: boolean, usual: boolean): Wanted {
  if (!view) return { name: '', shared: 'nobody', team: null, standard: false, columns: hasColumns, usual };
  return { name: view.name, shared: view.shared, team: view.team, standard: view.standard, columns: view.columns.length > 0, usual };
}

function Refused({ problem }: { problem: Problem }) {
  const first = problem.errors[0];
  if (!first) return <ErrorNote problem={problem} />;
  return <span className="record-error">{errorText(first, { name: first.field, type: 'string' })}</span>;
}

export function ViewDialog({ view, usual, taken, hasColumns, onSave, onClose }: Props) {
  const t = useT();
  const mayShare = useMay('view.share');
  const [wanted, setWanted] = useState(() => wantedOf(view, hasColumns, usual));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (more: Partial<Wanted>) => setWanted((old) => ({ ...old, ...more }));
  const name = wanted.name.trim();
  const wrong = taken.includes(name) ? t('wrong.taken') : undefined;
  const lacks = name === '' || (wanted.shared === 'team' && wanted.team === null);
  const save = async () => {
    if (lacks || wrong) return;
    setBusy(true);
    try {
      await onSave({ ...wanted, name });
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Modal open title={t(view ? 'view.edit_title' : 'view.new_title')} okText={t('admin.save')} cancelText={t('admin.cancel')} okButtonProps={{ disabled: lacks || wrong !== undefined }} confirmLoading={busy} onOk={() => void save()} onCancel={onClose}>
      <form
        className="view-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <label htmlFor="view-name">{t('view.name')}</label>
        <Input id="view-name" autoFocus maxLength={50} value={wanted.name} status={wrong ? 'error' : ''} aria-invalid={wrong !== undefined} aria-describedby="view-name-wrong" onChange={(event) => change({ name: event.target.value })} />
        <span id="view-name-wrong" className="record-error" role="status">
          {wrong}
        </span>
        {hasColumns && (
          <Checkbox checked={wanted.columns} onChange={(event) => change({ columns: event.target.checked })}>
            {t('view.with_columns')}
          </Checkbox>
        )}
        <Checkbox checked={wanted.usual} onChange={(event) => change({ usual: event.target.checked })}>
          {t('view.usual_mine')}
        </Checkbox>
        {mayShare && <Sharing wanted={wanted} change={change} />}
        {problem && <Refused problem={problem} />}
      </form>
    </Modal>
  );
}
