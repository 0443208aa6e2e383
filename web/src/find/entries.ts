// What Ctrl+K finds beside records: pages of the reader, and things to do.
import type { Meta, Session } from '../api/shapes';
import type { IconName } from '../components/iconPaths';
import { t, words, labelIn, labelOf, type Key } from '../i18n';
import { shownIn } from '../pages/admin/areas';
import { pagesOf } from '../shell/pages';
import { chooseLang, chooseTheme } from '../store/look';
import { langStore, themeStore } from '../store/prefs';
import { can } from '../store/meta';
import { signOut } from '../store/session';

export interface Entry {
  key: string;
  group: string;
  name: string;
  hint?: string;
  icon: IconName;
  also?: string; // found by these words too
  path?: string;
  run?: () => void;
}

const both = (key: Key) => words[key].join(' ');

function pageEntries(session: Session, meta: Meta | null): Entry[] {
  const pages = pagesOf(session).map((page): Entry => ({ key: page.path, group: 'pages', name: t(page.name), also: both(page.name), icon: page.icon, path: page.path }));
  const setUp = meta && pages.some(({ path }) => path === '/admin') ? shownIn(meta) : [];
  return [...pages, ...setUp.map((each): Entry => ({ key: `/admin/${each.plural}`, group: 'pages', name: labelOf(each.labels), hint: t('nav.admin'), also: `${each.labels.zh} ${each.labels.en}`, icon: 'gear', path: `/admin/${each.plural}` }))];
}

function actionEntries(session: Session, meta: Meta | null): Entry[] {
  const dark = themeStore.get() === 'dark';
  const en = langStore.get() === 'en';
  const made = (meta?.resources ?? []).filter((each) => can(each, 'create') && (each.plural === 'customers' || pagesOf(session).some(({ path }) => path === '/admin')) && !['views', 'jobs'].includes(each.plural));
  return [
    ...made.map((each): Entry => ({
      key: `new/${each.plural}`,
      group: 'actions',
      name: t('admin.new', { name: labelIn(each.label) }),
      also: `${both('admin.new')} ${each.label.en} ${each.label.zh}`,
      icon: 'plus',
      path: each.plural === 'customers' ? '/customers?open=new' : `/admin/${each.plural}?open=new`,
    })),
    { key: 'theme', group: 'actions', name: t(dark ? 'find.light' : 'find.dark'), also: `${both('shell.dark')} ${both('shell.light')} theme`, icon: dark ? 'sun' : 'moon', run: () => chooseTheme(dark ? 'light' : 'dark') },
    { key: 'lang', group: 'actions', name: en ? '中文' : 'English', hint: t('shell.lang'), also: both('shell.lang'), icon: 'link', run: () => chooseLang(en ? 'zh-CN' : 'en') },
    { key: 'out', group: 'actions', name: t('shell.sign_out'), also: both('shell.sign_out'), icon: 'leave', run: () => void signOut().catch(() => undefined) },
  ];
}

export function fixedEntries(session: Session, meta: Meta | null): Entry[] {
  return [...pageEntries(session, meta), ...actionEntries(session, meta)];
}

// Every word typed must be somewhere in it.
export function matches(entry: Entry, text: string): boolean {
  const where = `${entry.name} ${entry.hint ?? ''} ${entry.also ?? ''}`.toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => where.includes(word));
}
