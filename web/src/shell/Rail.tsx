import { Tooltip } from 'antd';
import { NavLink } from 'react-router';
import type { Session } from '../api/shapes';
import { Icon } from '../components/Icon';
import { Logo } from '../components/Logo';
import { useT } from '../i18n';
import { chooseTheme } from '../store/look';
import { useTheme } from '../store/prefs';
import { isFor, pages } from './pages';

export function Rail({ session }: { session: Session }) {
  const t = useT();
  const theme = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  const otherName = theme === 'dark' ? t('shell.light') : t('shell.dark');
  return (
    <aside className="rail">
      <div className="rail-logo">
        <Logo />
      </div>
      <nav aria-label={t('nav.label')}>
        {pages
          .filter((page) => isFor(page, session))
          .map((page) => (
            <Tooltip key={page.path} title={t(page.name)} placement="right">
              <NavLink to={page.path} className="rail-item" aria-label={t(page.name)}>
                <Icon name={page.icon} size={18} />
              </NavLink>
            </Tooltip>
          ))}
      </nav>
      <span className="lx-grow" />
      <Tooltip title={otherName} placement="right">
        <button type="button" className="lx-plain rail-item" aria-label={otherName} onClick={() => chooseTheme(other)}>
          <Icon name={theme === 'dark' ? 'sun' : 'moon'} size={18} />
        </button>
      </Tooltip>
    </aside>
  );
}
