// What a form draws by hand: fields with an editor of their own, in a tab of their own, and tabs beside the fields.
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Row } from '../api/shapes';
import type { EditProps } from '../fields/types';
import type { Key } from '../i18n';

export interface ExtraTab {
  key: string;
  label: Key;
  Show: LazyExoticComponent<ComponentType<{ row: Row }>>;
  right?: string; // a resource that must be readable for it
}

export const specialEdits: Record<string, LazyExoticComponent<ComponentType<EditProps>>> = {
  'role.grants': lazy(() => import('../rights/RightsEdit').then((m) => ({ default: m.RightsEdit }))),
};

// What stands above the fields while a new one is written.
export const whileNew: Record<string, LazyExoticComponent<ComponentType<{ values: Record<string, unknown> }>>> = {
  customer: lazy(() => import('../customer/Perhaps').then((m) => ({ default: m.Perhaps }))),
};

export const extraTabs: Record<string, ExtraTab[]> = {
  user: [
    { key: 'may', label: 'rights.may', right: 'roles', Show: lazy(() => import('../rights/MayDo').then((m) => ({ default: m.MayDo }))) },
    { key: 'locks', label: 'account.locks', Show: lazy(() => import('../pages/account/Locks').then((m) => ({ default: m.Locks }))) },
  ],
};
