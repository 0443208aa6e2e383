import { Link, useLocation } from 'react-router';
import { labelOf, tWord, useLang, useT } from '../i18n';
import { useResource } from '../store/meta';
import { listOf } from '../store/places';
import { useRefName } from '../store/names';
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

function CustomerName({ id }: { id: string }) {
  return <span>{useRefName('customers', id) ?? id}</span>;
}

function Part({ page, part }: { page: string; part: string }) {
  if (page === '/admin') return <ResourceName plural={part} />;
  return page === '/customers' ? <CustomerName id={part} /> : <span>{part}</span>;
}

function ImportPlace({ plural }: { plural: string }) {
  const t = useT();
  const resource = useResource(plural);
  const list = resource && listOf(plural);
  return (
    <nav className="place" aria-label={t('nav.label')}>
      {list && (
        <>
          <Link to={list}>{labelOf(resource.labels)}</Link>
          <span className="lx-t3">/</span>
        </>
      )}
      <span>{t('import.menu')}</span>
    </nav>
  );
}

// Where the reader is, for those whose bar holds no phone.
export function Place() {
  const t = useT();
  const { pathname } = useLocation();
  const parts = pathname.split('/').filter((part) => part !== '');
  const page = pages.find((each) => each.path === `/${parts[0]}`);
  if (parts[0] === 'import') return <ImportPlace plural={parts[1] ?? ''} />;
  if (parts[0] === 'account') {
    return (
      <nav className="place" aria-label={t('nav.label')}>
        <span>{t('account.title')}</span>
      </nav>
    );
  }
  if (!page) return null;
  return (
    <nav className="place" aria-label={t('nav.label')}>
      {parts.length > 1 ? <Link to={page.path}>{t(page.name)}</Link> : <span>{t(page.name)}</span>}
      {parts[1] !== undefined && (
        <>
          <span className="lx-t3">/</span>
          <Part page={page.path} part={parts[1]} />
        </>
      )}
    </nav>
  );
}
