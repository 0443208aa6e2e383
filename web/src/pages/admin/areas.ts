import type { Meta, ResourceMeta } from '../../api/shapes';
import { isTrail } from '../../store/meta';

// What has a page of its own is not drawn twice.
const elsewhere = new Set(['interactions', 'recordings', 'customers', 'views', 'jobs', 'imports']);

// Of no use to who only reads it.
const forEditors = new Set(['custom_fields']);

export function shownIn(meta: Meta): ResourceMeta[] {
  return meta.resources.filter((each) => each.rights.read && !elsewhere.has(each.plural) && (each.rights.update || !forEditors.has(each.plural)));
}

const order = ['people', 'access', 'routing', 'service', 'business', 'system'];

export function byArea(resources: ResourceMeta[]): [string, ResourceMeta[]][] {
  const areas = new Map<string, ResourceMeta[]>();
  for (const each of resources) areas.set(each.area, [...(areas.get(each.area) ?? []), each]);
  const place = (area: string) => (order.includes(area) ? order.indexOf(area) : order.length);
  return [...areas].sort(([a], [b]) => place(a) - place(b));
}

// A trail grows for ever and a single row is one: no count says anything there.
export function uncounted(resource: ResourceMeta): boolean {
  return isTrail(resource) || resource.single === true;
}
