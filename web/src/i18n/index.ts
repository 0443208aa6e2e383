// t('key', {name}) in the language of the moment. A row of words/ holds both languages side by side, so no key can
// miss in one of them; a test compares their {placeholders}. {n|one|many} chooses by number, where a language needs it.
import { useStore } from '../store/create';
import { langStore, type Lang } from '../store/prefs';
import { accountWords } from './words/account';
import { adminWords } from './words/admin';
import { auditWords } from './words/audit';
import { bulkWords } from './words/bulk';
import { commonWords } from './words/common';
import { customerWords } from './words/customer';
import { deskWords } from './words/desk';
import { findWords } from './words/find';
import { floorWords } from './words/floor';
import { importWords } from './words/imports';
import { interactionWords } from './words/interactions';
import { jobWords } from './words/jobs';
import { listWords } from './words/list';
import { recordWords } from './words/record';
import { rightsWords } from './words/rights';
import { shellWords } from './words/shell';
import { viewWords } from './words/view';
import { visitorWords } from './words/visitor';

export const words = {
  ...commonWords,
  ...shellWords,
  ...listWords,
  ...rightsWords,
  ...jobWords,
  ...recordWords,
  ...deskWords,
  ...interactionWords,
  ...floorWords,
  ...accountWords,
  ...adminWords,
  ...auditWords,
  ...importWords,
  ...bulkWords,
  ...customerWords,
  ...findWords,
  ...viewWords,
  ...visitorWords,
};

export type Key = keyof typeof words;
export type Params = Record<string, string | number>;

export interface Label {
  zh: string;
  en: string;
}

const column = (lang: Lang): 0 | 1 => (lang === 'en' ? 1 : 0);

const parting = /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u;

// A text and what goes on behind it: between Han and Latin letters or figures there is a space.
export function joined(text: string, more: string): string {
  return parting.test(text.slice(-1) + more.slice(0, 1)) ? `${text} ${more}` : text + more;
}

function fill(text: string, params: Params): string {
  let made = '';
  let at = 0;
  for (const found of text.matchAll(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g)) {
    const [whole, name = '', one, many] = found;
    const value = params[name];
    const chosen = one === undefined || many === undefined ? String(value) : Number(value) === 1 ? one : many;
    made = joined(joined(made, text.slice(at, found.index)), value === undefined ? whole : chosen);
    at = found.index + whole.length;
  }
  return joined(made, text.slice(at));
}

export function t(key: Key, params?: Params): string {
  const text = words[key][column(langStore.get())];
  return params ? fill(text, params) : text;
}

// For a key made of a word the server sent ('state.' + 'ready'): the word itself where no text is known.
export function tWord(group: string, word: string): string {
  const table: Record<string, readonly [string, string]> = words;
  return table[`${group}.${word}`]?.[column(langStore.get())] ?? word;
}

export function labelOf(label: Label | string | undefined | null): string {
  if (label === undefined || label === null) return '';
  if (typeof label === 'string') return label;
  return langStore.get() === 'en' ? label.en : label.zh;
}

// A label within a sentence: English writes it small there, unless it is an abbreviation.
export function labelIn(label: Label | string | undefined | null): string {
  const text = labelOf(label);
  return langStore.get() === 'en' && /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

export function useLang(): Lang {
  return useStore(langStore);
}

// Subscribes the component to the language and gives t.
export function useT(): typeof t {
  useLang();
  return t;
}
