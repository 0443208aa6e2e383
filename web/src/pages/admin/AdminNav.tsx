import { NavLink } from 'react-router';
import type { ResourceMeta } from '../../api/shapes';
import { labelOf, tWord, useT } from '../../i18n';
import { figure } from '../../i18n/format';
import { byArea, uncounted } from './areas';
import { useCounts } from './useCounts';

const most = 10_000;

export function AdminNav({ resources }: { resources: ResourceMeta[] }) {
  const t = useT();
  const counts = useCounts(resources.filter((each) => !uncounted(each)));
  const shown = (n: number | undefined) => (n === undefined ? '' : n > most ? t('list.many', { n: figure(most) }) : figure(n));
  return (
    <nav className="admin-nav" aria-label={t('admin.nav')}>
      {byArea(resources).map(([area, each]) => (
        <div key={area}>
          <h2>{tWord('area', area)}</h2>
          {each.map(({ plural, labels }) => (
            <NavLink key={plural} to={`/admin/${plural}`}>
              <span className="lx-cut">{labelOf(labels)}</span>
              <span className="lx-t3 lx-12 lx-end">{shown(counts[plural])}</span>
            </NavLink>
          ))}
        </div>
      ))}
    </nav>
  );
}
