import { Button } from 'antd';
import { Kbd } from '../../components/Kbd';
import { useT } from '../../i18n';

interface Props {
  isNew: boolean;
  able: boolean;
  saving: boolean;
  onSave: () => void;
  onCancel: () => void;
  onDelete?: () => void;
}

export function RecordFoot({ isNew, able, saving, onSave, onCancel, onDelete }: Props) {
  const t = useT();
  return (
    <footer className="record-foot">
      {onDelete && (
        <Button type="text" danger data-act="delete" onClick={onDelete}>
          {t('admin.delete')}
        </Button>
      )}
      <span className="lx-end lx-row">
        <Button onClick={onCancel}>{t('admin.cancel')}</Button>
        <Button type="primary" data-act="save" loading={saving} disabled={!able} onClick={onSave}>
          {isNew ? t('admin.create') : t('admin.save')} <Kbd>Ctrl S</Kbd>
        </Button>
      </span>
    </footer>
  );
}
