import { Modal } from 'antd';
import { useState } from 'react';
import { useKeys } from '../actions/useKeys';
import { useT, type Key } from '../i18n';
import { Kbd } from './Kbd';

export type KeyRow = [key: string, word: Key];

// `?` lists the keys of the page.
export function KeysHelp({ rows }: { rows: KeyRow[] }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  useKeys({ '?': () => setOpen(true) });
  return (
    <Modal title={t('keys.title')} open={open} footer={null} width={420} onCancel={() => setOpen(false)}>
      <dl className="keys-help">
        {rows.map(([key, word]) => (
          <div key={key}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
