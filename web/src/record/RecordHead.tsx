import { Button, Dropdown, type MenuProps } from 'antd';
import { Icon } from '../components/Icon';
import { Kbd } from '../components/Kbd';
import { useT } from '../i18n';
import { longMoment } from '../i18n/format';

interface Props {
  name: string;
  kind: string;
  updated: unknown;
  may: boolean;
  menu: NonNullable<MenuProps['items']>;
  onMenu: (key: string) => void;
  onClose: (() => void) | undefined;
}

export function RecordHead({ name, kind, updated, may, menu, onMenu, onClose }: Props) {
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
      {menu.length > 0 && (
        <Dropdown trigger={['click']} placement="bottomRight" menu={{ items: menu, onClick: ({ key }) => onMenu(key) }}>
          <Button type="text" size="small" icon={<Icon name="more" />} aria-label={t('record.more')} data-act="more" />
        </Dropdown>
      )}
      {onClose && (
        <Button type="text" size="small" icon={<Icon name="close" />} onClick={onClose}>
          <span className="lx-sr">{t('admin.close')}</span>
          <Kbd>Esc</Kbd>
        </Button>
      )}
    </header>
  );
}
