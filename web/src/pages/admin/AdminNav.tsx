import { NavLink } from 'react-router';
import type { ResourceMeta } from '../../api/shapes';
import { labelOf, tWord, useT } from '../../i18n';
import { byArea } from './areas';

export function AdminNav({ resources }: { resources: ResourceMeta[] }) {
  const t = useT();
  return (
    <nav className="admin-nav" aria-label={t('admin.nav')}>
      {byArea(resources).map(([area, each]) => (
        <div key={area}>
          <h2>{tWord('area', area)}</h2>
          {each.map((resource) => (
            <NavLink key={resource.plural} to={`/admin/${resource.plural}`}>
              {labelOf(resource.labels)}
            </NavLink>
          ))}
        </div>
      ))}
    </nav>
  );
}
