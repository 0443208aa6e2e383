// Both languages say the same things, and no text stands outside words/.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { joined, t, words } from '../../src/i18n';
import { langStore } from '../../src/store/prefs';

const src = new URL('../../src', import.meta.url).pathname;
const han = /[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]/;
const spoken = new Set(['title', 'label', 'placeholder', 'alt', 'aria-label', 'description', 'help', 'extra', 'okText', 'cancelText']);

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return entry.name === 'words' ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.includes('.test.') ? [path] : [];
  });
}

// A language names itself in its own words wherever it is chosen.
const ownNames = new Set(['中文', 'English']);

// What stands on a key is the same in every language.
function inKbd(node: ts.Node): boolean {
  return ts.isJsxElement(node.parent) && node.parent.openingElement.tagName.getText() === 'Kbd';
}

export function literalTexts(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const value = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node) ? node.text : '';
    if (han.test(value) && !ownNames.has(value)) found.push(value);
    if (ts.isJsxText(node) && /\p{Letter}/u.test(node.text) && !inKbd(node)) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer)) {
      if (/\p{Letter}/u.test(node.initializer.text) && !(node.initializer.text in words)) found.push(node.initializer.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)/g)].map((m) => m[1]).sort();

describe('words', () => {
  it('are there in both languages, with the same values in them', () => {
    for (const [key, [zh, en]] of Object.entries(words)) {
      expect(zh, key).not.toBe('');
      expect(en, key).not.toBe('');
      expect(new Set(placeholders(en)), key).toEqual(new Set(placeholders(zh)));
    }
  });

  it('of the English column hold no Han', () => {
    const wrong = Object.entries(words).filter(([, [, en]]) => han.test(en));
    expect(wrong).toEqual([]);
  });

  it('have a space between Han and Latin letters where they meet', () => {
    langStore.set('zh-CN');
    expect(t('admin.new', { name: 'API 密钥' })).toBe('新建 API 密钥');
    expect(t('admin.new', { name: '队列' })).toBe('新建队列');
    expect(t('list.column_up', { name: 'SIP' })).toBe('SIP 前移');
    expect(t('admin.delete_ask', { kind: '流程', name: 'IVR' })).toBe('删除流程“IVR”？');
    expect(joined('查看', '客户')).toBe('查看客户');
  });

  it('do not stand in the components', () => {
    const wrong = sources(src).flatMap((path) => literalTexts(path, readFileSync(path, 'utf8')).map((text) => `${path.slice(src.length)}: ${text}`));
    expect(wrong).toEqual([]);
  });

  it('would be found there', () => {
    expect(literalTexts('x.tsx', 'const a = <p title="Hello">World</p>; const b = "中"; const c = `好${a}`;')).toEqual(['Hello', 'World', '中', '好']);
  });

  it('all have a use', () => {
    const all = sources(src).map((path) => readFileSync(path, 'utf8')).join('\n');
    const made = [...all.matchAll(/`([\w.]+?)\$\{/g)].map((m) => m[1] as string);
    const unused = Object.keys(words).filter((key) => {
      if (all.includes(`'${key}'`) || all.includes(`"${key}"`) || made.some((start) => key.startsWith(start))) return false;
      return !all.includes(`'${key.slice(0, key.indexOf('.'))}'`);
    });
    expect(unused).toEqual([]);
  });
});
