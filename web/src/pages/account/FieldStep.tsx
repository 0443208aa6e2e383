// One thing asked for in a dialog before going on: what is wrong with it stands under it, any other refusal above.
import { Form, Modal } from 'antd';
import { useState, type ReactElement, type ReactNode } from 'react';
import { asProblem, type Problem } from '../../api/problem';
import { ErrorNote } from '../../components/ErrorNote';
import { useT } from '../../i18n';

interface Props {
  title: string;
  act: string;
  name: string;
  label: string;
  wrong: string; // said when the server refuses this field
  input: ReactElement;
  children: ReactNode;
  onGo: (value: string) => Promise<void>;
  onClose: () => void;
}

export function FieldStep({ title, act, name, label, wrong, input, children, onGo, onClose }: Props) {
  const t = useT();
  const [form] = Form.useForm<Record<string, string>>();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const go = async (values: Record<string, string>) => {
    setBusy(true);
    setProblem(null);
    try {
      await onGo(values[name] ?? '');
    } catch (error) {
      const refused = asProblem(error);
      if (refused.errors.some(({ field }) => field === name)) form.setFields([{ name, errors: [wrong] }]);
      else setProblem(refused);
      setBusy(false);
    }
  };
  return (
    <Modal open title={title} okText={act} cancelText={t('admin.cancel')} confirmLoading={busy} onOk={form.submit} onCancel={onClose}>
      {problem && <ErrorNote problem={problem} />}
      {children}
      <Form className="account-step" form={form} layout="vertical" requiredMark={false} onFinish={(values) => void go(values)}>
        <Form.Item name={name} label={label} rules={[{ required: true, message: t('wrong.required') }]}>
          {input}
        </Form.Item>
      </Form>
    </Modal>
  );
}
