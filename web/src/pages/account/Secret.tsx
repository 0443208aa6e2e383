// The key, this once: nobody can read it again.
import { Button, Input, Modal } from 'antd';
import { useRef, useState } from 'react';
import { ThresholdShape } from '../../components/Threshold';
import { useT } from '../../i18n';

// Pages that come without TLS have no clipboard of their own.
async function copied(text: string, field: HTMLInputElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field?.select();
    return document.execCommand('copy');
  }
}

export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const [done, setDone] = useState(false);
  const copy = async () => setDone(await copied(secret, box.current?.querySelector('input') ?? null));
  return (
    <Modal open title={t('account.secret')} closable={false} mask={{ closable: false }} footer={<Button type="primary" data-act="secret-kept" onClick={onClose}>{t('account.secret_kept')}</Button>} onCancel={onClose}>
      <p className="lx-near">
        <ThresholdShape level="near" /> {t('account.secret_what')}
      </p>
      <div ref={box} className="lx-row account-secret">
        <Input readOnly value={secret} aria-label={t('account.secret')} onFocus={(event) => event.target.select()} />
        <Button data-act="copy" onClick={() => void copy()}>
          {t('account.copy')}
        </Button>
      </div>
      <p className="lx-t2 lx-12" role="status">
        {done && t('account.copied')}
      </p>
    </Modal>
  );
}
