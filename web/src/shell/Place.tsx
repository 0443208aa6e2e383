import { Link, useLocation } from 'react-router';
import { labelOf, tWord, useLang, useT } from '../i18n';
import { useResource } from '../store/meta';
import { pages } from './pages';

function ResourceName({ plural }: { plural: string }) {
  useLang();
  const resource = useResource(plural);
  if (!resource) return null;
  return (
    <>
      <span className="lx-t2">{tWord('area', resource.area)}</span>
      <span className="lx-t3">/</span>
      <span>{labelOf(resource.labels)}</span>
    </>
  );
}

// Where the reader is, for those whose bar holds no phone.
export function Place() {
  const t = useT();
  const { pathname } = useLocation();
  const parts = pathname.split('/').filter((part) => part !== '');
  const page = pages.find((each) => each.path === `/${parts[0]}`);
  if (!page) return null;
  return (
    <nav className="place" aria-label={t('nav.label')}>
      {parts.length > 1 ? <Link to={page.path}>{t(page.name)}</Link> : <span>{t(page.name)}</span>}
      {parts[1] !== undefined && (
        <>
          <span className="lx-t3">/</span>
          {page.path === '/admin' ? <ResourceName plural={parts[1]} /> : <span>{parts[1]}</span>}
        </>
      )}
    </nav>
  );
}
