import { Button, Form, Input, Segmented } from 'antd';
import { useState } from 'react';
import { asProblem } from '../../api/problem';
import { Kbd } from '../../components/Kbd';
import { useLang, useT } from '../../i18n';
import { useStore } from '../../store/create';
import { chooseLang } from '../../store/look';
import type { Lang } from '../../store/prefs';
import { sessionStore, signIn } from '../../store/session';
import { Art } from './Art';
import { EdgeCheck } from './EdgeCheck';
import { refusalOf, type Refusal } from './refusal';
import { SignInNotice } from './SignInNotice';
import './signin.css';

interface Values {
  username: string;
  password: string;
  code?: string;
}

export function SignInPage() {
  const t = useT();
  const lang = useLang();
  const ended = useStore(sessionStore, (s) => s.ended);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  const [factor, setFactor] = useState(false); // this account asks for a code as well
  const [form] = Form.useForm<Values>();

  const submit = async (values: Values, takeOver = false) => {
    setBusy(true);
    setRefusal(null);
    try {
      await signIn(values.username.trim(), values.password, takeOver, factor ? values.code : undefined);
    } catch (error) {
      const problem = asProblem(error);
      const asks = problem.code === 'second_factor';
      if (asks) setFactor(true);
      else setRefusal(refusalOf(problem));
      setBusy(false);
      if (!asks) form.getFieldInstance(factor ? 'code' : 'password')?.focus();
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
            onChange={chooseLang}
            options={[
              { value: 'zh-CN', label: '中文' },
              { value: 'en', label: 'English' },
            ]}
          />
        </div>
        <Form<Values> form={form} className="signin-fields" layout="vertical" requiredMark={false} onFinish={(v) => void submit(v)} onValuesChange={(changed: Partial<Values>) => changed.username !== undefined && setFactor(false)}>
          <h1 className="lx-20">{t('signin.title')}</h1>
          <p className="lx-t2 signin-how">{ended === 'signed_out' && !refusal ? t('signin.ended') : t('signin.how')}</p>
          {ended === 'taken_over' && !refusal && <SignInNotice level="near" title={t('signin.taken')} text={t('signin.taken_what')} />}
          {refusal && (
            <SignInNotice level={refusal.elsewhere ? 'near' : 'over'} title={refusal.title} text={refusal.text}>
              {refusal.elsewhere && (
                <Button size="small" data-act="take_over" loading={busy} onClick={() => void submit(form.getFieldsValue(), true)}>
                  {t('signin.take_over')}
                </Button>
              )}
            </SignInNotice>
          )}
          <Form.Item name="username" label={t('signin.username')} rules={[{ required: true, message: t('signin.need_username') }]}>
            <Input size="large" autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item name="password" label={t('signin.password')} rules={[{ required: true, message: t('signin.need_password') }]}>
            <Input.Password size="large" autoComplete="current-password" />
          </Form.Item>
          {factor && (
            <Form.Item name="code" label={t('signin.code')} extra={t('signin.code_help')} rules={[{ required: true, message: t('wrong.required') }]}>
              <Input size="large" autoComplete="one-time-code" inputMode="numeric" maxLength={13} autoFocus />
            </Form.Item>
          )}
          <EdgeCheck />
          <Button type="primary" htmlType="submit" size="large" block loading={busy}>
            {t('signin.submit')} <Kbd>Enter</Kbd>
          </Button>
        </Form>
      </section>
    </main>
  );
}
