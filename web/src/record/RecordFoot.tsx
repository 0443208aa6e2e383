import { Button } from 'antd';
import type { ActionMeta } from '../api/shapes';
import { Kbd } from '../components/Kbd';
import { labelOf, useT } from '../i18n';

interface Props {
  isNew: boolean;
  able: boolean;
  closable: boolean;
  saving: boolean;
  actions: ActionMeta[];
  onAct: (action: ActionMeta) => void;
  onSave?: (() => void) | undefined;
  onCancel: () => void;
}

export function RecordFoot({ isNew, able, closable, saving, actions, onAct, onSave, onCancel }: Props) {
  const t = useT();
  return (
    <footer className="record-foot">
      {actions.map((action) => (
        <Button key={action.name} data-act={action.name} disabled={saving} onClick={() => onAct(action)}>
          {labelOf(action.label)}
        </Button>
      ))}
      <span className="lx-end lx-row">
        <Button disabled={!closable && !able} onClick={onCancel}>{onSave ? t('admin.cancel') : t('admin.close')}</Button>
        {onSave && (
          <Button type="primary" data-act="save" loading={saving} disabled={!able} onClick={onSave}>
            {isNew ? t('admin.create') : t('admin.save')} <Kbd>Ctrl S</Kbd>
          </Button>
        )}
      </span>
    </footer>
  );
}
