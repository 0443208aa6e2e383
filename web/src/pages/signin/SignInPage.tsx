import { Button, Form, Input, Segmented } from 'antd';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import { Kbd } from '../../components/Kbd';
import { ThresholdShape } from '../../components/Threshold';
import { useLang, useT } from '../../i18n';
import { useStore } from '../../store/create';
import { setLang, type Lang } from '../../store/prefs';
import { sessionStore, signIn } from '../../store/session';
import { Art } from './Art';
import { EdgeCheck } from './EdgeCheck';
import { refusalOf, type Refusal } from './refusal';
import './signin.css';

interface Values {
  username: string;
  password: string;
}

export function SignInPage() {
  const t = useT();
  const lang = useLang();
  const ended = useStore(sessionStore, (s) => s.ended);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  const [form] = Form.useForm<Values>();

  const submit = async (values: Values) => {
    setBusy(true);
    setRefusal(null);
    try {
      await signIn(values.username.trim(), values.password);
    } catch (error) {
      setRefusal(refusalOf(asProblem(error)));
      setBusy(false);
      form.getFieldInstance('password')?.focus();
    }
  };

  return (
    <main className="signin">
      <Art />
      <section className="signin-form">
        <div className="lx-row">
          <span className="lx-t2 lx-12">{t('app.title')}</span>
          <Segmented<Lang>
            className="lx-end"
            size="small"
            aria-label={t('shell.lang')}
            value={lang}
            onChange={setLang}
            options={[
              { value: 'zh-CN', label: '中文' },
              { value: 'en', label: 'English' },
            ]}
          />
        </div>
        <Form<Values> form={form} className="signin-fields" layout="vertical" requiredMark={false} onFinish={(v) => void submit(v)}>
          <h1 className="lx-20">{t('signin.title')}</h1>
          <p className="lx-t2 signin-how">{ended && !refusal ? t('signin.ended') : t('signin.how')}</p>
          {refusal && (
            <div className="lx-notice lx-notice-over signin-refusal" role="alert">
              <ThresholdShape level="over" />
              <div>
                <div>{refusal.title}</div>
                <p>{refusal.text}</p>
              </div>
            </div>
          )}
          <Form.Item name="username" label={t('signin.username')} rules={[{ required: true, message: t('signin.need_username') }]}>
            <Input size="large" autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item name="password" label={t('signin.password')} rules={[{ required: true, message: t('signin.need_password') }]}>
            <Input.Password size="large" autoComplete="current-password" />
          </Form.Item>
          <EdgeCheck />
          <Button type="primary" htmlType="submit" size="large" block loading={busy}>
            {t('signin.submit')} <Kbd>Enter</Kbd>
          </Button>
        </Form>
      </section>
    </main>
  );
}
