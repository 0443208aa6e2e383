// Asks for the own password once more before something that an unlocked screen must not allow.
import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { asProblem, type Problem } from '../../api/problem';
import { ErrorNote } from '../../components/ErrorNote';
import { useT } from '../../i18n';

interface Props {
  title: string;
  text: string;
  act: string;
  onPassword: (password: string) => Promise<void>;
  onClose: () => void;
}

export function PasswordStep({ title, text, act, onPassword, onClose }: Props) {
  const t = useT();
  const [form] = Form.useForm<{ password: string }>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const go = async ({ password }: { password: string }) => {
    setBusy(true);
    setProblem(null);
    try {
      await onPassword(password);
    } catch (error) {
      const refused = asProblem(error);
      if (refused.errors.some(({ field }) => field === 'password')) form.setFields([{ name: 'password', errors: [t('factor.password_wrong')] }]);
      else setProblem(refused);
      setBusy(false);
    }
  };
  return (
    <Modal open title={title} okText={act} cancelText={t('admin.cancel')} confirmLoading={busy} onOk={form.submit} onCancel={onClose}>
      {problem && <ErrorNote problem={problem} />}
      <p className="lx-t2">{text}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => void go(values)}>
        <Form.Item name="password" label={t('account.password')} rules={[{ required: true, message: t('wrong.required') }]}>
          <Input.Password autoFocus autoComplete="current-password" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
