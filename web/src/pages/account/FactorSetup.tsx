// From the password to an authenticator that works: its key as a picture and as text, the first code, and the codes to keep.
import { Button, Form, Input, Modal, QRCode } from 'antd';
import { useState } from 'react';
import { send } from '../../api/client';
import type { FactorCodes, FactorMade } from '../../api/answers';
import { asProblem, type Problem } from '../../api/problem';
import { ErrorNote } from '../../components/ErrorNote';
import { useT } from '../../i18n';
import { Codes } from './Codes';
import { PasswordStep } from './PasswordStep';

function KeyStep({ made, onCodes, onClose }: { made: FactorMade; onCodes: (codes: string[]) => void; onClose: () => void }) {
  const t = useT();
  const [form] = Form.useForm<{ code: string }>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const confirm = async ({ code }: { code: string }) => {
    setBusy(true);
    setProblem(null);
    try {
      onCodes((await send<FactorCodes>('PUT', '/session/factor', { code })).codes);
    } catch (error) {
      const refused = asProblem(error);
      if (refused.errors.length > 0) form.setFields([{ name: 'code', errors: [t('factor.wrong')] }]);
      else setProblem(refused);
      setBusy(false);
    }
  };
  return (
    <Modal open title={t('factor.setup')} okText={t('factor.activate')} cancelText={t('admin.cancel')} confirmLoading={busy} onOk={form.submit} onCancel={onClose}>
      {problem && <ErrorNote problem={problem} />}
      <p>{t('factor.scan')}</p>
      <div className="factor-key">
        <QRCode value={made.uri} size={168} color="#000" bgColor="#fff" aria-hidden="true" />
        <div>
          <p className="lx-t2 lx-12">{t('factor.by_hand')}</p>
          <code data-out="key">{made.key.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        </div>
      </div>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => void confirm(values)}>
        <Form.Item name="code" label={t('factor.code')} rules={[{ required: true, message: t('wrong.required') }]}>
          <Input autoFocus autoComplete="one-time-code" inputMode="numeric" maxLength={9} />
        </Form.Item>
      </Form>
    </Modal>
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
