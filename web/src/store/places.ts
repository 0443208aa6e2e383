// Where a record is looked at: on its own page, or in its list with the form open.
import { resourceOf } from './meta';

const pages: Record<string, (id: string) => string> = {
  customers: (id) => `/customers/${id}`,
  interactions: (id) => `/interactions/${id}`,
};
const nowhere = new Set(['recordings', 'views', 'jobs', 'imports']);

// The list of a kind, or of it what one filter leaves.
export function listOf(plural: string, filter?: string, value = ''): string | null {
  const query = filter === undefined ? '' : `?${encodeURIComponent(filter)}=${encodeURIComponent(value)}`;
  if (pages[plural]) return `/${plural}${query}`;
  return resourceOf(plural) && !nowhere.has(plural) ? `/admin/${plural}${query}` : null;
}

export function placeOf(plural: string, id: string): string | null {
  if (nowhere.has(plural)) return null;
  const page = pages[plural];
  if (page) return page(id);
  return resourceOf(plural) ? `/admin/${plural}?open=${encodeURIComponent(id)}` : null;
}
