// The pages of the shell: where, for whom, and the chunk that draws them.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Session } from '../api/shapes';
import type { IconName } from '../components/iconPaths';
import type { Key } from '../i18n';
import { maySome } from '../store/session';

export interface PageInfo {
  path: string;
  match: string;
  name: Key;
  icon: IconName;
  rights: readonly string[]; // one of them; none: for agents
  Page: LazyExoticComponent<ComponentType>;
}

export const pages: PageInfo[] = [
  {
    path: '/desk',
    match: '/desk',
    name: 'nav.desk',
    icon: 'desk',
    rights: [],
    Page: lazy(() => import('../desk/DeskPage').then((m) => ({ default: m.DeskPage }))),
  },
  {
    path: '/floor',
    match: '/floor',
    name: 'nav.floor',
    icon: 'grid',
    rights: ['live.watch'],
    Page: lazy(() => import('../pages/floor/FloorPage').then((m) => ({ default: m.FloorPage }))),
  },
  {
    path: '/interactions',
    match: '/interactions',
    name: 'nav.interactions',
    icon: 'list',
    rights: ['interaction.read'],
    Page: lazy(() => import('../pages/interactions/InteractionsPage').then((m) => ({ default: m.InteractionsPage }))),
  },
  {
    path: '/customers',
    match: '/customers/*',
    name: 'nav.customers',
    icon: 'user',
    rights: ['customer.read'],
    Page: lazy(() => import('../pages/customers/CustomersPage').then((m) => ({ default: m.CustomersPage }))),
  },
  {
    path: '/admin',
    match: '/admin/*',
    name: 'nav.admin',
    icon: 'gear',
    rights: ['setting.read', 'user.read', 'role.read', 'flow.read', 'did.read', 'queue.update', 'agent.update', 'audit.read'],
    Page: lazy(() => import('../pages/admin/AdminPage').then((m) => ({ default: m.AdminPage }))),
  },
];

export function isFor(page: PageInfo, session: Session): boolean {
  return page.rights.length ? maySome(session, page.rights) : session.agent !== null;
}

export const ContactPage = lazy(() => import('../pages/contact/ContactPage').then((m) => ({ default: m.ContactPage })));

export function pagesOf(session: Session): PageInfo[] {
  return pages.filter((page) => isFor(page, session));
}
export const AccountPage = lazy(() => import('../pages/account/AccountPage').then((m) => ({ default: m.AccountPage })));
export const ImportPage = lazy(() => import('../pages/imports/ImportPage').then((m) => ({ default: m.ImportPage })));
