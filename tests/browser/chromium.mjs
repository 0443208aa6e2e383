// Drives Chromium for tests/fixture/page.py: one JSON request a line on standard input, one answer a line on standard
// output. {"id", "open": {"microphone": wav file or null, "locale", "ignoreHTTPSErrors"}} opens a page with a fresh profile, {"id", "page", "key"} presses a key,
// {"id", "page", "method", "args"} calls a method of Playwright's page; the page's own errors are collected under "errors".
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { chromium } = createRequire(`${process.env.LX_SOURCE_DIR}/web/package.json`)('playwright-core');
const pages = [];

const heard = (file) => ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${file}`];

// Chromium without its window's own pages: with them every context starts a second renderer, which doubles the time of a page.
const launch = (microphone) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(microphone ? heard(microphone) : []),
      '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection',
    ],
  });

// What a microphone hears is said to the whole browser, so there is one for each; to start one costs more than most pages do.
const browsers = new Map();

function browserFor(microphone) {
  if (!browsers.has(microphone)) browsers.set(microphone, launch(microphone));
  return browsers.get(microphone);
}

async function open({ microphone, locale, ignoreHTTPSErrors = false }) {
  const browser = await browserFor(microphone);
  const context = await browser.newContext({ locale, ignoreHTTPSErrors, reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  pages.push({ page, context, errors });
  return pages.length - 1;
}

async function answer({ open: options, page: at, method, key, args = [] }) {
  if (options) return open(options);
  const { page, context, errors } = pages[at];
  if (key) return page.keyboard.press(key);
  if (method === 'errors') return errors;
  if (method === 'close') return context.close();
  const value = await page[method](...args);
  return ['string', 'number', 'boolean'].includes(typeof value) || method === 'evaluate' ? value : null;
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const { id } = request;
  const reply = await answer(request).then(
    (value) => ({ id, value: value ?? null }),
    (error) => ({ id, error: String(error) }),
  );
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
await Promise.all([...browsers.values()].map(async (browser) => (await browser).close()));
process.exit(0);
