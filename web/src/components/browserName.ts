// A browser's long line about itself in the few words that tell one's own computers apart.
const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/(HeadlessChrome|Chrome|Chromium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

export function browserName(line: string | null): string {
  const text = line ?? '';
  const found = [browsers, systems].map((table) => table.find(([pattern]) => pattern.test(text))?.[1]).filter((name) => name !== undefined);
  return found.length > 0 ? found.join(' · ') : text.slice(0, 40);
}
