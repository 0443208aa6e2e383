import { App, Dropdown, type MenuProps } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Session } from '../api/shapes';
import { asProblem } from '../api/problem';
import { problemTitle } from '../components/ErrorNote';
import { Icon } from '../components/Icon';
import { useLang, useT } from '../i18n';
import { chooseLang } from '../store/look';
import type { Lang } from '../store/prefs';
import { signOut } from '../store/session';

// Rarely wanted, and forms are large.
const PasswordForm = lazy(() => import('./PasswordForm').then((m) => ({ default: m.PasswordForm })));

const languages: { key: Lang; label: string }[] = [
  { key: 'zh-CN', label: '中文' },
  { key: 'en', label: 'English' },
];

export function UserMenu({ session }: { session: Session }) {
  const t = useT();
  const lang = useLang();
  const { message } = App.useApp();
  const go = useNavigate();
  const [renewing, setRenewing] = useState(false);
  const name = session.user.full_name || session.user.name;
  const who = [name, ...session.user.roles, ...(session.agent ? [session.agent.number] : [])].join(' · ');
  const items: MenuProps['items'] = [
    { key: 'who', type: 'group', label: who },
    { type: 'divider' },
    { type: 'group', label: t('shell.lang'), children: languages.map((each) => ({ key: each.key, label: each.label })) },
    { type: 'divider' },
    { key: 'account', label: t('account.title'), icon: <Icon name="user" /> },
    { key: 'password', label: t('password.title'), icon: <Icon name="key" /> },
    { key: 'out', label: t('shell.sign_out'), icon: <Icon name="leave" /> },
  ];
  const pick: MenuProps['onClick'] = ({ key }) => {
    if (key === 'account') void go('/account');
    else if (key === 'password') setRenewing(true);
    else if (key === 'out') signOut().catch((error: unknown) => void message.error(problemTitle(asProblem(error))));
    else chooseLang(key as Lang);
  };
  return (
    <>
      <Dropdown menu={{ items, onClick: pick, selectedKeys: [lang] }} trigger={['click']} placement="bottomRight">
        <button type="button" className="lx-plain avatar" aria-label={t('shell.me', { name })}>
          {name.slice(0, 1)}
        </button>
      </Dropdown>
      {renewing && (
        <Suspense>
          <PasswordForm onClose={() => setRenewing(false)} />
        </Suspense>
      )}
    </>
  );
}
