// From the password to an authenticator that works: its key as a picture and as text, the first code, and the codes to keep.
import { Button, Input, QRCode } from 'antd';
import { useState } from 'react';
import { send } from '../../api/client';
import type { FactorCodes, FactorMade } from '../../api/answers';
import { useT } from '../../i18n';
import { Codes } from './Codes';
import { FieldStep } from './FieldStep';
import { PasswordStep } from './PasswordStep';

function KeyStep({ made, onCodes, onClose }: { made: FactorMade; onCodes: (codes: string[]) => void; onClose: () => void }) {
  const t = useT();
  const confirm = async (code: string) => onCodes((await send<FactorCodes>('PUT', '/session/factor', { code })).codes);
  const input = <Input autoFocus autoComplete="one-time-code" inputMode="numeric" maxLength={9} />;
  return (
    <FieldStep title={t('factor.setup')} act={t('factor.activate')} name="code" label={t('factor.code')} wrong={t('factor.wrong')} input={input} onGo={confirm} onClose={onClose}>
      <p>{t('factor.scan')}</p>
      <div className="factor-key">
        <QRCode value={made.uri} size={168} color="#000" bgColor="#fff" aria-hidden="true" />
        <div>
          <p className="lx-t2 lx-12">{t('factor.by_hand')}</p>
          <code data-out="key">{made.key.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        </div>
      </div>
    </FieldStep>
  );
}

// onDone: it works now, and the codes are kept.
export function FactorSetup({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const t = useT();
  const [made, setMade] = useState<FactorMade | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes) return <Codes codes={codes} onClose={onDone} />;
  if (made) return <KeyStep made={made} onCodes={setCodes} onClose={onClose} />;
  return (
    <PasswordStep title={t('factor.setup')} text={t('factor.setup_what')} act={t('factor.next')} onClose={onClose}
      onPassword={async (password) => setMade(await send<FactorMade>('POST', '/session/factor', { password }))} />
  );
}

export function FactorDue({ onDone, onLeave }: { onDone: () => void; onLeave: () => void }) {
  const t = useT();
  return (
    <div className="lx-page">
      <p>{t('factor.due')}</p>
      <Button onClick={onLeave}>{t('shell.sign_out')}</Button>
      <FactorSetup onDone={onDone} onClose={onLeave} />
    </div>
  );
}
