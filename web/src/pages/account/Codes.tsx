// Codes for when the authenticator is lost, this once: each signs in one time.
import { Button, Modal } from 'antd';
import { ThresholdShape } from '../../components/Threshold';
import { useT } from '../../i18n';

export function Codes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const t = useT();
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${codes.join('\r\n')}\r\n`)}`;
  return (
    <Modal open title={t('factor.codes')} closable={false} mask={{ closable: false }} footer={<Button type="primary" data-act="codes-kept" onClick={onClose}>{t('account.secret_kept')}</Button>} onCancel={onClose}>
      <p className="lx-near">
        <ThresholdShape level="near" /> {t('factor.codes_what')}
      </p>
      <ul className="factor-codes" data-out="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <a href={file} download="lingxi-codes.txt">
        {t('factor.codes_file')}
      </a>
    </Modal>
  );
}
