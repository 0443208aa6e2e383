import { Input } from 'antd';
import { useEffect } from 'react';
import type { InteractionDetail } from '../api/shapes';
import { problemTitle } from '../components/ErrorNote';
import { ThresholdShape } from '../components/Threshold';
import { useT } from '../i18n';
import { timeOfDay } from '../i18n/format';
import { useStore } from '../store/create';
import { draftStore, flushDraft, openDraft, writeDraft, type Draft } from './drafts';

function SaveState({ draft }: { draft: Draft | undefined }) {
  const t = useT();
  if (!draft || (draft.state === 'saved' && draft.at === null)) return null;
  if (draft.state === 'saved') return <span className="lx-t3">{t('note.saved', { time: timeOfDay(draft.at ?? 0) })}</span>;
  if (draft.state !== 'failed') return <span className="lx-t3">{t('note.saving')}</span>;
  return (
    <span className="lx-near">
      <ThresholdShape level="near" />{' '}
      {draft.problem?.status === 0 ? t('note.local') : t('note.failed', { text: draft.problem ? problemTitle(draft.problem) : '' })}
    </span>
  );
}

export function NoteBox({ id, detail }: { id: string; detail: InteractionDetail | undefined }) {
  const t = useT();
  const draft = useStore(draftStore, (drafts) => drafts[id]);
  const known = detail !== undefined;
  const note = detail?.note ?? null;
  useEffect(() => {
    if (known) openDraft(id, note);
  }, [id, known, note]);
  return (
    <div className="lx-card work-part">
      <div className="lx-row work-part-head">
        <h3>{t('note.title')}</h3>
        <span className="lx-end lx-12" role="status">
          <SaveState draft={draft} />
        </span>
      </div>
      <Input.TextArea
        className="note-text"
        autoSize={{ minRows: 3, maxRows: 10 }}
        aria-label={t('note.title')}
        placeholder={t('note.hint')}
        value={draft?.text ?? ''}
        onChange={(event) => writeDraft(id, event.target.value)}
        onBlur={() => flushDraft(id)}
      />
    </div>
  );
}
