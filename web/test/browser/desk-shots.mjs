// The desk through a call, against the fake server, as pictures to look at: node test/browser/desk-shots.mjs BASE OUT [--lang=en] [--theme=dark] [--width=1440]
import { openBrowser, openPage, signIn } from './browser.mjs';

const flags = Object.fromEntries(process.argv.filter((a) => a.startsWith('--')).map((a) => a.slice(2).split('=')));
const [base, out] = process.argv.slice(2).filter((a) => !a.startsWith('--'));
const tail = `${flags.lang ? `-${flags.lang}` : ''}${flags.theme ? `-${flags.theme}` : ''}${flags.width ? `-${flags.width}` : ''}`;
const live = (topic, id, value) => fetch(`${base}/fake/live`, { method: 'POST', body: JSON.stringify({ topic, id, value }) });
const me = '12';
const id = '9003';
const browser = await openBrowser();
try {
  const page = await openPage(browser, { ...flags, width: Number(flags.width ?? 1440), height: Number(flags.height ?? 900) });
  const shot = async (name) => {
    await page.waitForTimeout(700);
    await page.screenshot({ path: `${out}/desk-${name}${tail}.png` });
    if (page.errors.length > 0) console.log(name, page.errors.splice(0).join('\n'));
  };
  await live('call', id, null);
  await live('agent', me, { state: 'not_ready', reason: 'lunch', since: Date.now() - 65000, interaction: null, limit: undefined });
  await signIn(page, base, 'agent1');
  await shot('idle');
  await page.keyboard.press('F8');
  await shot('state');
  await page.keyboard.press('Escape');
  const now = Date.now();
  await live('call', id, { direction: 'inbound', from: '13800006027', to: '4008001234', name: '周雨桐', tier: 'platinum', customer: '40', phase: 'ringing', since: now - 4000, started: now - 30000, queue: '5', agent: me, legs: [{ id: '1', role: 'agent', state: 'ringing', muted: false, agent: me, address: '8001' }] });
  await live('agent', me, { state: 'ringing', reason: null, since: now - 4000, interaction: id, limit: now + 11000 });
  await shot('ringing');
  await page.keyboard.press('a');
  await live('agent', me, { state: 'on_contact', since: Date.now() - 134000, interaction: id, limit: undefined });
  await live('call', id, { phase: 'talking', since: Date.now() - 134000 });
  await page.waitForTimeout(300);
  await page.fill('.note-text', '行程冲突，由 22 日早班改至 23 日；要求保留靠窗座位。');
  await page.click('h2 >> nth=0');
  await page.keyboard.press('1');
  await page.waitForTimeout(1300);
  await shot('talking');
  await page.keyboard.press('t');
  await shot('transfer');
  await page.keyboard.press('Escape');
  await page.keyboard.press('k');
  await shot('keypad');
  await page.keyboard.press('k');
  await page.keyboard.press('h');
  await page.keyboard.press('m');
  await shot('held');
  await live('call', id, { phase: 'consulting', legs: [{ id: '2', role: 'consult', state: 'up', muted: false, agent: '13', address: '8002' }] });
  await shot('consulting');
  await fetch(`${base}/fake/cut`, { method: 'POST' });
  await page.route('**/api/v1/events', (route) => route.abort());
  await live('agent', me, { state: 'wrap_up', since: Date.now() - 9000, interaction: id, limit: Date.now() + 21000 });
  await live('call', id, { phase: 'wrap_up', since: Date.now() - 9000 });
  await page.waitForTimeout(2500);
  await shot('wrap-up');
} finally {
  await browser.close();
}
