// What a person set for this browser: language, theme, widths of columns. Kept in localStorage, one key each; its other tabs
// follow in language and theme.
import { createStore, useStore } from './create';

export type Lang = 'zh-CN' | 'en';
export type Theme = 'light' | 'dark';

const prefix = 'lingxi.';

export function readPref(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function writePref(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // A browser that keeps nothing still works; it only forgets.
  }
}

function firstLang(): Lang {
  const kept = readPref('lang');
  if (kept === 'zh-CN' || kept === 'en') return kept;
  return typeof navigator !== 'undefined' && !navigator.language.startsWith('zh') ? 'en' : 'zh-CN';
}

function firstTheme(): Theme {
  const kept = readPref('theme');
  if (kept === 'light' || kept === 'dark') return kept;
  return typeof matchMedia === 'function' && matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export const langStore = createStore<Lang>(firstLang());
export const themeStore = createStore<Theme>(firstTheme());

function showRoot(): void {
  if (typeof document === 'undefined') return;
  document.documentElement.lang = langStore.get();
  document.documentElement.dataset.theme = themeStore.get();
}

export function setLang(lang: Lang): void {
  langStore.set(lang);
  writePref('lang', lang);
  showRoot();
}

export function setTheme(theme: Theme): void {
  themeStore.set(theme);
  writePref('theme', theme);
  showRoot();
}

if (typeof window !== 'undefined') {
  window.addEventListener('storage', ({ key }) => {
    if (key === `${prefix}lang`) langStore.set(firstLang());
    if (key === `${prefix}theme`) themeStore.set(firstTheme());
    showRoot();
  });
}

export function useTheme(): Theme {
  return useStore(themeStore);
}

showRoot();
