// One's own password: the old one, the new one twice. What the server refuses stands under its field.
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { send } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import { ErrorNote } from '../components/ErrorNote';
import { t as say, useT, words, type Key } from '../i18n';

interface Values {
  old_password: string;
  password: string;
  again: string;
}

const shortest = 8;

function wordOf(code: string, message: string): string {
  const key = `wrong.${code}`;
  return key in words ? say(key as Key, { min: String(shortest), max: '128', text: message }) : message;
}

export function PasswordForm({ onClose }: { onClose: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async ({ old_password, password }: Values) => {
    setBusy(true);
    setProblem(null);
    try {
      await send('PUT', '/session/password', { old_password, password });
      void message.success(t('password.done'));
      onClose();
    } catch (error) {
      const refused = asProblem(error);
      for (const { field, code, message: text } of refused.errors) form.setFields([{ name: field as keyof Values, errors: [wordOf(code, text)] }]);
      setProblem(refused.errors.length > 0 ? null : refused);
      setBusy(false);
    }
  };
  const need = { required: true, message: t('wrong.required') };
  return (
    <Modal open title={t('password.title')} okText={t('admin.save')} cancelText={t('admin.cancel')} confirmLoading={busy} onOk={form.submit} onCancel={onClose}>
      {problem && <ErrorNote problem={problem} />}
      <Form<Values> form={form} layout="vertical" requiredMark={false} onFinish={(values) => void save(values)}>
        <Form.Item name="old_password" label={t('password.old')} rules={[need]}>
          <Input.Password autoComplete="current-password" autoFocus />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('password.new')}
          extra={t('password.rule')}
          rules={[need, { min: shortest, message: t('wrong.too_short', { min: String(shortest) }) }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('password.again')}
          dependencies={['password']}
          rules={[need, { validator: (_, value) => (value === form.getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('password.differs')))) }]}
        >
          <Input.Password autoComplete="new-password" onPressEnter={form.submit} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
