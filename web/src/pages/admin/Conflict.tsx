import { Button } from 'antd';
import { ThresholdShape } from '../../components/Threshold';
import { useT } from '../../i18n';
import type { RecordState } from './useRecord';

// Somebody else was first: his version, or mine over it.
export function Conflict({ state, onSave }: { state: RecordState; onSave: () => void }) {
  const t = useT();
  return (
    <div className="lx-notice lx-notice-near" role="alert">
      <ThresholdShape level="near" />
      <div>
        <div>{t('admin.conflict')}</div>
        <p>{t('admin.conflict_what')}</p>
        <div className="lx-acts">
          <Button type="link" size="small" onClick={() => void state.reload(false)}>
            {t('admin.conflict_load')}
          </Button>
          <Button type="link" size="small" onClick={() => void state.reload(true).then(onSave)}>
            {t('admin.conflict_over')}
          </Button>
        </div>
      </div>
    </div>
  );
}
