// What was typed into a form and not saved, kept while the browser's window lives. Secrets are not kept.
import type { FieldMeta } from '../api/shapes';
import { sessionStore } from '../store/session';

type Values = Record<string, unknown>;

const keyOf = (path: string) => `lingxi.form.${sessionStore.get().session?.user.id ?? ''}.${path}`;

export function keepDraft(path: string, edits: Values | null, fields: FieldMeta[]): void {
  try {
    const open = edits && Object.fromEntries(Object.entries(edits).filter(([name]) => fields.find((field) => field.name === name)?.type !== 'secret'));
    if (open === null || Object.keys(open).length === 0) sessionStorage.removeItem(keyOf(path));
    else sessionStorage.setItem(keyOf(path), JSON.stringify(open));
  } catch {
    // A browser that keeps nothing still works; it only forgets.
  }
}

export function keptDraft(path: string): Values | null {
  try {
    const text = sessionStorage.getItem(keyOf(path));
    return text === null ? null : (JSON.parse(text) as Values);
  } catch {
    return null;
  }
}
