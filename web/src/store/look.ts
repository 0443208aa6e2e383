// How a person's pages look: language and theme. What is chosen shows at once and is kept by this browser; signed in, the
// server keeps it too, so that another computer looks the same. A choice made before the sign-in counts as the newest.
import { keptPreferences, setPreference } from './preferences';
import { langStore, setLang, setTheme, themeStore, type Lang, type Theme } from './prefs';
import { sessionStore } from './session';

const name = 'look';
let chosen: { lang?: Lang; theme?: Theme } = {};
let user: string | null = null;

function keep(): void {
  if (user === null) return;
  setPreference(name, { lang: langStore.get(), theme: themeStore.get() });
  chosen = {};
}

export function chooseLang(lang: Lang): void {
  setLang(lang);
  chosen.lang = lang;
  keep();
}

export function chooseTheme(theme: Theme): void {
  setTheme(theme);
  chosen.theme = theme;
  keep();
}

async function follow(): Promise<void> {
  const now = user;
  const kept = (await keptPreferences())[name] ?? {};
  if (user !== now) return;
  if (chosen.lang === undefined && (kept.lang === 'zh-CN' || kept.lang === 'en')) setLang(kept.lang);
  if (chosen.theme === undefined && (kept.theme === 'light' || kept.theme === 'dark')) setTheme(kept.theme);
  if (Object.keys(chosen).length > 0) keep();
}

sessionStore.subscribe(() => {
  const { session } = sessionStore.get();
  const now = session && !session.password_due ? session.user.id : null;
  if (now === user) return;
  user = now;
  if (user !== null) void follow();
});
