// The pages of the shell: where, for whom, and the chunk that draws them.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Role } from '../api/shapes';
import type { IconName } from '../components/iconPaths';
import type { Key } from '../i18n';

export interface PageInfo {
  path: string;
  match: string;
  name: Key;
  icon: IconName;
  roles: Role[];
  Page: LazyExoticComponent<ComponentType>;
}

export const pages: PageInfo[] = [
  {
    path: '/desk',
    match: '/desk',
    name: 'nav.desk',
    icon: 'desk',
    roles: ['agent'],
    Page: lazy(() => import('../desk/DeskPage').then((m) => ({ default: m.DeskPage }))),
  },
  {
    path: '/floor',
    match: '/floor',
    name: 'nav.floor',
    icon: 'grid',
    roles: ['leader', 'admin'],
    Page: lazy(() => import('../pages/floor/FloorPage').then((m) => ({ default: m.FloorPage }))),
  },
  {
    path: '/interactions',
    match: '/interactions',
    name: 'nav.interactions',
    icon: 'list',
    roles: ['agent', 'leader', 'admin'],
    Page: lazy(() => import('../pages/interactions/InteractionsPage').then((m) => ({ default: m.InteractionsPage }))),
  },
  {
    path: '/admin',
    match: '/admin/*',
    name: 'nav.admin',
    icon: 'gear',
    roles: ['leader', 'admin'],
    Page: lazy(() => import('../pages/admin/AdminPage').then((m) => ({ default: m.AdminPage }))),
  },
];

export const ContactPage = lazy(() => import('../pages/contact/ContactPage').then((m) => ({ default: m.ContactPage })));
