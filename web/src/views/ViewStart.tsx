// Before a list asks anything: its address is settled. A bare address opens the view that the list begins with, one that
// names a view and nothing else is filled in from it, so that a link can be as short as that.
import { useEffect, useState, type ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import type { ResourceMeta } from '../api/shapes';
import { Bones } from '../components/Bones';
import { openQuery, paramsOfView, queryOf, type ViewQuery } from './query';
import { plainList, useViews, type Views } from './useViews';

function settled(resource: ResourceMeta, params: URLSearchParams, views: Views, first: boolean): URLSearchParams | null {
  const named = params.get('view');
  if (Object.keys(queryOf(params)).length > 0 || (named === null && !first)) return null;
  const view = views.list.find(({ id }) => id === (named ?? views.usual));
  if (!view || named === plainList) return null;
  const made = paramsOfView(openQuery(resource, view.query as ViewQuery), view.id);
  for (const name of ['open', 'tab']) {
    const value = params.get(name);
    if (value !== null) made.set(name, value);
  }
  return made.toString() === params.toString() ? null : made;
}

export function ViewStart({ resource, children }: { resource: ResourceMeta; children: ReactNode }) {
  const [params, setParams] = useSearchParams();
  const views = useViews(resource.plural);
  const [first, setFirst] = useState(true);
  const next = views.known ? settled(resource, params, views, first) : null;
  if (views.known && !next && first) setFirst(false);
  useEffect(() => {
    if (next) setParams(next, { replace: true });
  });
  if (!views.known || next) return <Bones rows={10} />;
  return children;
}
