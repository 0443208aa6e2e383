import { Tag } from 'antd';
import type { InteractionDetail } from '../../api/shapes';
import { useT } from '../../i18n';

export function NoteCard({ detail }: { detail: InteractionDetail }) {
  const t = useT();
  return (
    <section className="lx-card contact-part">
      <div className="lx-card-head">
        <h2>{t('contact.note')}</h2>
        <span className="lx-end">
          {detail.result_name ? <Tag variant="filled">{detail.result_name}</Tag> : <span className="lx-t3 lx-12">{t('contact.no_result')}</span>}
        </span>
      </div>
      <p className={`contact-note ${detail.note ? '' : 'lx-t3'}`}>{detail.note || t('contact.note_none')}</p>
    </section>
  );
}
