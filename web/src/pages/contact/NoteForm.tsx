import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { ask } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type { InteractionDetail } from '../../api/shapes';
import { ErrorNote } from '../../components/ErrorNote';
import { ThresholdShape } from '../../components/Threshold';
import { inOrder } from '../../desk/ResultPicker';
import { useT } from '../../i18n';
import { entryName, useDirectory } from '../../store/directory';

interface Props {
  detail: InteractionDetail;
  again: () => void;
  onClose: () => void;
}

interface Mine {
  note: string;
  result: string | null;
  version: number;
}

const mineOf = ({ note, result, version }: InteractionDetail): Mine => ({ note: note ?? '', result: result ?? null, version });

// Somebody else wrote meanwhile: what stands there now, mine not yet.
function Changed({ detail, onLoad, onOver }: { detail: InteractionDetail; onLoad: () => void; onOver: () => void }) {
  const t = useT();
  return (
    <div className="lx-notice lx-notice-near" role="alert">
      <ThresholdShape level="near" />
      <div>
        <div>{t('admin.conflict')}</div>
        <p>{t('contact.note_now', { text: detail.note || '—' })}</p>
        <div className="lx-acts">
          <Button type="link" size="small" onClick={onLoad}>
            {t('admin.conflict_load')}
          </Button>
          <Button type="link" size="small" data-act="over" onClick={onOver}>
            {t('admin.conflict_over')}
          </Button>
        </div>
      </div>
    </div>
  );
}

export function NoteForm({ detail, again, onClose }: Props) {
  const t = useT();
  const [mine, setMine] = useState(() => mineOf(detail));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [saving, setSaving] = useState(false);
  const results = inOrder(Object.values(useDirectory('dispositions')));
  const save = async (version: number) => {
    setSaving(true);
    try {
      const body = { note: mine.note === '' ? null : mine.note, result: mine.result };
      await ask(`/interactions/${detail.id}`, { method: 'PATCH', body, etag: `"${version}"` });
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setSaving(false);
      again();
    }
  };
  const load = () => {
    setMine(mineOf(detail));
    setProblem(null);
  };
  return (
    <div className="note-form">
      {problem?.status === 412 && <Changed detail={detail} onLoad={load} onOver={() => void save(detail.version)} />}
      {problem && problem.status !== 412 && <ErrorNote problem={problem} />}
      <Select
        aria-label={t('calls.result')}
        placeholder={t('contact.no_result')}
        allowClear
        value={mine.result}
        options={results.map((row) => ({ value: row.id, label: `${row.number ?? ''} ${entryName(row) ?? ''}` }))}
        onChange={(result: string | undefined) => setMine((old) => ({ ...old, result: result ?? null }))}
      />
      <Input.TextArea
        aria-label={t('contact.note')}
        autoFocus
        autoSize={{ minRows: 4, maxRows: 14 }}
        maxLength={4000}
        value={mine.note}
        onChange={(event) => setMine((old) => ({ ...old, note: event.target.value }))}
      />
      <div className="lx-row note-acts">
        <Button onClick={onClose}>{t('admin.cancel')}</Button>
        <Button type="primary" data-act="save" loading={saving} onClick={() => void save(mine.version)}>
          {t('admin.save')}
        </Button>
      </div>
    </div>
  );
}
