// What narrows a list, as a button that says to what: pressed, it opens the choice.
import { Button, Popover } from 'antd';
import type { ReactNode } from 'react';
import { Icon } from '../components/Icon';
import { useT } from '../i18n';

interface Props {
  name: string;
  label: string;
  value: string;
  set: boolean;
  open: boolean;
  onOpen: (open: boolean) => void;
  onClear: () => void;
  children: ReactNode;
}

export function Chip({ name, label, value, set, open, onOpen, onClear, children }: Props) {
  const t = useT();
  const content = (
    <div className="filter-pop">
      {children}
      {set && (
        <Button type="link" size="small" onClick={onClear}>
          {t('list.clear_one')}
        </Button>
      )}
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomLeft" arrow={false} open={open} onOpenChange={onOpen} content={content} destroyOnHidden>
      <Button className={`filter-chip ${set ? 'filter-set' : ''}`} data-filter={name} aria-expanded={open} onKeyDown={(event) => event.key === 'Escape' && onOpen(false)}>
        {t('list.filter', { name: label, value })}
        <Icon name="down" size={12} />
      </Button>
    </Popover>
  );
}
