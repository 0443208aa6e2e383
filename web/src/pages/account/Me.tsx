import { Button, Segmented } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { Session } from '../../api/shapes';
import { useLang, useT } from '../../i18n';
import { chooseLang, chooseTheme } from '../../store/look';
import { useTheme, type Lang, type Theme } from '../../store/prefs';
import { Part } from './Part';

const PasswordForm = lazy(() => import('../../shell/PasswordForm').then((m) => ({ default: m.PasswordForm })));

const languages: { value: Lang; label: string }[] = [
  { value: 'zh-CN', label: '中文' },
  { value: 'en', label: 'English' },
];

export function Me({ session }: { session: Session }) {
  const t = useT();
  const lang = useLang();
  const theme = useTheme();
  const [renewing, setRenewing] = useState(false);
  const { user, agent } = session;
  return (
    <Part id="me" title={user.full_name || user.name}>
      <dl className="facts account-me">
        <dt>{t('account.name')}</dt>
        <dd>{user.name}</dd>
        <dt>{t('account.roles')}</dt>
        <dd>{user.roles.join(t('field.comma')) || '—'}</dd>
        {agent && (
          <>
            <dt>{t('account.agent')}</dt>
            <dd>{agent.number}</dd>
          </>
        )}
        <dt>{t('shell.lang')}</dt>
        <dd>
          <Segmented<Lang> aria-label={t('shell.lang')} options={languages} value={lang} onChange={chooseLang} />
        </dd>
        <dt>{t('account.theme')}</dt>
        <dd>
          <Segmented<Theme>
            aria-label={t('account.theme')}
            options={[
              { value: 'light', label: t('account.light') },
              { value: 'dark', label: t('account.dark') },
            ]}
            value={theme}
            onChange={chooseTheme}
          />
        </dd>
        <dt>{t('account.password')}</dt>
        <dd>
          <Button size="small" data-act="password" onClick={() => setRenewing(true)}>
            {t('password.title')}
          </Button>
        </dd>
      </dl>
      {renewing && (
        <Suspense>
          <PasswordForm onClose={() => setRenewing(false)} />
        </Suspense>
      )}
    </Part>
  );
}
