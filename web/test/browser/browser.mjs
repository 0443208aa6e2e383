// Chromium without a window for the browser tests: the flags, a fresh profile, and a page that is signed in.
import { chromium } from 'playwright-core';

const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--autoplay-policy=no-user-gesture-required'];

export async function openBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args });
}

export async function openPage(browser, { lang = 'zh-CN', theme = 'light', width = 1440, height = 900 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: lang, permissions: ['microphone'] });
  await context.addInitScript(([l, th]) => {
    localStorage.setItem('lingxi.lang', l);
    localStorage.setItem('lingxi.theme', th);
  }, [lang, theme]);
  const page = await context.newPage();
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) page.errors.push(message.text());
  });
  return page;
}

export async function signIn(page, base, name) {
  await page.goto(`${base}/signin`);
  await page.fill('input[autocomplete=username]', name);
  await page.fill('input[autocomplete=current-password]', `${name}-demo`);
  await page.click('button[type=submit]');
  await page.waitForSelector('.shell');
}
