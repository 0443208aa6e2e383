// The view that a list stands in: which one, whether it was changed since, and what can be done with it.
import { Alert, App, Button, Dropdown, type MenuProps } from 'antd';
import { useState } from 'react';
import { send } from '../api/client';
import { asProblem } from '../api/problem';
import type { ResourceMeta } from '../api/shapes';
import type { View } from '../api/types';
import type { ListState } from '../api/useList';
import { problemTitle } from '../components/ErrorNote';
import { Icon } from '../components/Icon';
import { t as say, useT } from '../i18n';
import type { Columns } from '../list/useColumns';
import { useRemoval } from '../record/useRemoval';
import { resourceOf } from '../store/meta';
import { sessionStore } from '../store/session';
import { openColumns, openQuery, paramsOfView, queryOf, sameQuery, type ViewQuery } from './query';
import { plainList, useViews, type Views } from './useViews';
import { ViewDialog, type Wanted } from './ViewDialog';

interface Props {
  resource: ResourceMeta;
  list: Pick<ListState<unknown>, 'params' | 'replace'>;
  columns?: Columns;
}

export function useCurrentView(plural: string, params: URLSearchParams): View | null {
  const id = params.get('view');
  return useViews(plural).list.find((view) => view.id === id) ?? null;
}

function isMine(view: View): boolean {
  return view.owner === sessionStore.get().session?.user.id ;
}

function nameOf(view: View, views: Views): string {
  const whose = views.own.includes(view) ? '' : ` · ${view.team_name ?? view.owner_name ?? ''}`;
  return `${view.name}${whose}`;
}

function chooseItems(views: Views, current: View | null): MenuProps['items'] {
  const item = (view: View) => ({
    key: `view/${view.id}`,
    label: (
      <span className="view-line" data-view={view.id}>
        <span className="lx-cut">{nameOf(view, views)}</span>
        {views.usual === view.id && <span className="lx-t3 lx-12">{say('view.usual')}</span>}
        {current?.id === view.id && <Icon name="check" size={14} />}
      </span>
    ),
  });
  const group = (key: string, label: string, list: View[]) => (list.length > 0 ? [{ key, type: 'group' as const, label, children: list.map(item) }] : []);
  return [
    { key: `view/${plainList}`, label: say('view.all') },
    ...group('own', say('view.own'), views.own),
    ...group('shared', say('view.shared'), views.shared),
  ];
}

function actItems(views: Views, current: View | null, dirty: boolean): MenuProps['items'] {
  const opens = current !== null && views.usual === current.id;
  const mine = current !== null && isMine(current);
  return [
    { type: 'divider' },
    ...(dirty && mine ? [{ key: 'update', label: say('view.update') }] : []),
    ...(dirty && current ? [{ key: 'reset', label: say('view.reset') }] : []),
    { key: 'new', label: say('view.save_as') },
    ...(current ? [{ key: 'usual', label: say(opens ? 'view.usual_not' : 'view.usual_set') }] : []),
    ...(mine ? [{ key: 'edit', label: say('view.edit') }, { key: 'delete', danger: true, label: say('view.delete') }] : []),
  ];
}

// Not there (any more), or not for this person; or there, and naming what is gone.
function Notices({ resource, current, list, views }: { resource: ResourceMeta; current: View | null; list: { params: URLSearchParams }; views: Views }) {
  const t = useT();
  const [seen, setSeen] = useState<string | null>(null);
  const id = list.params.get('view');
  if (!views.known || id === null || id === plainList || seen === id) return null;
  const left = current ? [...openQuery(resource, current.query as ViewQuery).left, ...openColumns(resource, current).left] : [];
  if (current && left.length === 0) return null;
  const text = current ? t('view.left_out', { name: current.name, names: [...new Set(left)].join(t('field.comma')) }) : t('view.gone');
  return <Alert className="view-notice" type="warning" showIcon title={text} closable={{ onClose: () => setSeen(id), 'aria-label': t('admin.close') }} />;
}

function columnsSaid(columns: Columns | undefined, wanted: boolean) {
  return wanted && columns ? columns.list.map(({ name, width }) => ({ name, width })) : [];
}

function useActs({ resource, list, columns }: Props, views: Views, current: View | null) {
  const t = useT();
  const { message } = App.useApp();
  const meta = resourceOf('views');
  const removed = useRemoval(meta ?? resource);
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act();
      await views.again();
    } catch (error) {
      void message.error(problemTitle(asProblem(error)));
    }
  };
  const open = (view: View | null) => {
    columns?.forget();
    if (view) list.replace(paramsOfView(openQuery(resource, view.query as ViewQuery), view.id));
    else list.replace(new URLSearchParams(views.usual ? { view: plainList } : {}));
  };
  return {
    open,
    update: () =>
      attempt(async () => {
        if (!current) return;
        const query = queryOf(list.params);
        await send('PATCH', `/views/${current.id}`, { query, columns: columnsSaid(columns, (current.columns ?? []).length > 0) });
        columns?.forget();
        void message.success(t('view.saved', { name: current.name }));
      }),
    remove: () =>
      attempt(async () => {
        if (!current) return;
        await send('DELETE', `/views/${current.id}`);
        list.replace(new URLSearchParams(list.params.toString().replace(/&?view=[^&]*/, '')));
        removed(current.id, current.name, () => void views.again());
      }),
  };
}

// What the dialog saves: a new view of the list as it stands, or the name and the sharing of the one that is open.
async function save(props: Pick<Props, 'resource' | 'columns'> & { params: URLSearchParams }, views: Views, view: View | null, { columns: withColumns, usual, ...wanted }: Wanted): Promise<View> {
  const { resource, columns, params } = props;
  const made = view
    ? await send<View>('PATCH', `/views/${view.id}`, { ...wanted, ...(withColumns === (view.columns.length > 0) ? {} : { columns: columnsSaid(columns, withColumns) }) })
    : await send<View>('POST', '/views', { ...wanted, resource: resource.plural, query: queryOf(params), columns: columnsSaid(columns, withColumns), position: views.own.length });
  if (usual !== (views.usual === made.id)) views.setUsual(usual ? made.id : undefined);
  await views.again();
  return made;
}

export function ViewMenu({ resource, list, columns }: Props) {
  const t = useT();
  const views = useViews(resource.plural);
  const current = useCurrentView(resource.plural, list.params);
  const [dialog, setDialog] = useState<'new' | 'edit' | null>(null);
  const acts = useActs({ resource, list, ...(columns ? { columns } : {}) }, views, current);
  const dirty = current !== null && (!sameQuery(openQuery(resource, current.query as ViewQuery).query, queryOf(list.params)) || columns?.changed === true);
  const onClick: NonNullable<MenuProps['onClick']> = ({ key }) => {
    if (key === 'new' || key === 'edit') setDialog(key);
    else if (key === 'update') void acts.update();
    else if (key === 'reset') acts.open(current);
    else if (key === 'delete') void acts.remove();
    else if (key === 'usual') views.setUsual(views.usual === current?.id ? plainList : current?.id);
    else acts.open(views.list.find(({ id }) => key === `view/${id}`) ?? null);
  };
  return (
    <>
      <Dropdown trigger={['click']} autoFocus menu={{ items: [...(chooseItems(views, current) ?? []), ...(actItems(views, current, dirty) ?? [])], onClick, className: 'view-menu' }}>
        <Button className="view-button" data-act="views" data-dirty={dirty} icon={<Icon name="eye" size={14} />}>
          <span className="lx-cut">{current ? current.name : t('view.all')}</span>
          {dirty && <span className="lx-t3 lx-12">{t('view.changed')}</span>}
          <Icon name="down" size={12} />
        </Button>
      </Dropdown>
      {dialog && (
        <ViewDialog
          view={dialog === 'edit' ? current : null}
          usual={dialog === 'edit' && current !== null && views.usual === current.id}
          taken={views.own.filter((view) => dialog === 'new' || view.id !== current?.id).map(({ name }) => name)}
          hasColumns={columns !== undefined}
          onSave={async (wanted) => {
            const made = await save({ resource, params: list.params, ...(columns ? { columns } : {}) }, views, dialog === 'edit' ? current : null, wanted);
            setDialog(null);
            columns?.forget();
            if (dialog === 'new') {
              const params = new URLSearchParams(list.params);
              params.set('view', made.id);
              list.replace(params);
            }
          }}
          onClose={() => setDialog(null)}
        />
      )}
      <Notices resource={resource} current={current} list={list} views={views} />
    </>
  );
}
