import { Button } from 'antd';
import { Icon } from '../../components/Icon';
import { Kbd } from '../../components/Kbd';
import { useT } from '../../i18n';
import { longMoment } from '../../i18n/format';

interface Props {
  name: string;
  kind: string;
  updated: unknown;
  may: boolean;
  onClose: () => void;
}

export function RecordHead({ name, kind, updated, may, onClose }: Props) {
  const t = useT();
  return (
    <header className="record-head">
      <div className="lx-grow">
        <h2 className="lx-16 lx-cut">{name}</h2>
        <p className="lx-12 lx-t3">
          {typeof updated === 'string' && Date.parse(updated) > 0 ? t('admin.updated', { time: longMoment(updated) }) : kind}
          {!may && ` · ${t('admin.read_only')}`}
        </p>
      </div>
      <Button type="text" icon={<Icon name="close" />} onClick={onClose}>
        <span className="lx-sr">{t('admin.close')}</span>
        <Kbd>Esc</Kbd>
      </Button>
    </header>
  );
}
