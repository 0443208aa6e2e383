// The note and the result: read by all who may see the contact, changed by whoever had it and by leaders, also later.
import { Button, Tag } from 'antd';
import { useState } from 'react';
import type { InteractionDetail } from '../../api/shapes';
import { Icon } from '../../components/Icon';
import { ResultName } from '../../components/ResultName';
import { useT } from '../../i18n';
import { useResource } from '../../store/meta';
import { NoteForm } from './NoteForm';

function Result({ detail }: { detail: InteractionDetail }) {
  const t = useT();
  if (!detail.result) return <span className="lx-t3 lx-12">{t('contact.no_result')}</span>;
  return (
    <Tag variant="filled">
      <ResultName row={detail} />
    </Tag>
  );
}

export function NoteCard({ detail, again }: { detail: InteractionDetail; again: () => void }) {
  const t = useT();
  const [editing, setEditing] = useState(false);
  const may = useResource('interactions')?.rights.update === true;
  const close = () => {
    setEditing(false);
    again();
  };
  return (
    <section className="lx-card contact-part">
      <div className="lx-card-head">
        <h2>{t('contact.note')}</h2>
        {!editing && (
          <span className="lx-end lx-row">
            <Result detail={detail} />
            {may && (
              <Button size="small" icon={<Icon name="edit" />} data-act="edit" onClick={() => setEditing(true)}>
                {t('contact.note_edit')}
              </Button>
            )}
          </span>
        )}
      </div>
      {editing ? (
        <NoteForm detail={detail} again={again} onClose={close} />
      ) : (
        <p className={`contact-note ${detail.note ? '' : 'lx-t3'}`}>{detail.note || t('contact.note_none')}</p>
      )}
    </section>
  );
}
