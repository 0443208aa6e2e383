// What is opened, done and expected in each scene. A scene returns what was wrong, or nothing.
const id = '9003';
const agent = '12';

const post = (base, path, body) => fetch(base + path, { method: 'POST', body: JSON.stringify(body ?? {}) });
const live = (base, topic, which, value) => post(base, '/fake/live', { topic, id: which, value });
const open = (path, see) => async (page, base) => {
  await page.goto(base + path);
  await page.waitForSelector(see);
};

async function rest(base) {
  await live(base, 'call', id, null);
  await live(base, 'agent', agent, { state: 'ready', reason: null, since: Date.now(), interaction: null, limit: null });
}

async function ring(base) {
  const now = Date.now();
  const leg = { id: '1', role: 'agent', state: 'ringing', muted: false, agent, address: '8001' };
  await live(base, 'call', id, { direction: 'inbound', from: '13800006027', to: '4008001234', name: '周雨桐', tier: 'platinum', customer: '40', phase: 'ringing', since: now, started: now - 30000, queue: '5', agent, legs: [leg] });
  await live(base, 'agent', agent, { state: 'ringing', reason: null, since: now, interaction: id, limit: now + 15000 });
}

async function talk(page, base) {
  await rest(base);
  await page.waitForSelector('[data-state=ready]');
  await ring(base);
  await page.waitForSelector('.ring [data-act=answer]');
  await page.keyboard.press('a');
  await page.waitForSelector('[data-state=on_contact]');
}

export const scenes = [
  { name: 'sign-in', run: open('/signin', '.signin-check') },
  {
    name: 'a wrong password is said',
    run: async (page, base) => {
      await page.goto(`${base}/signin`);
      await page.fill('input[autocomplete=username]', 'agent1');
      await page.fill('input[autocomplete=current-password]', 'wrong-one');
      await page.click('button[type=submit]');
      await page.waitForSelector('.signin-refusal');
    },
  },
  { name: 'floor', user: 'lead1', run: open('/floor', '.floor-card') },
  { name: 'list', user: 'lead1', run: open('/interactions', '.dt [data-row]') },
  { name: 'list filtered to nothing', user: 'lead1', run: open('/interactions?q=nobody-like-this', '.lx-state-box') },
  { name: 'contact', user: 'lead1', run: open('/interactions/9002', '.lane-chart') },
  { name: 'no such contact', user: 'lead1', run: open('/interactions/1', '[role=alert]') },
  { name: 'no such page', user: 'lead1', run: open('/nothing', '.lx-state-box') },
  { name: 'no right', user: 'agent1', run: open('/floor', '.lx-state-box') },
  { name: 'set-up', user: 'admin', run: open('/admin/queues?open=5', '.record-fields') },
  {
    name: 'a field is refused under it',
    user: 'admin',
    run: async (page, base) => {
      await page.goto(`${base}/admin/queues?open=5`);
      await page.fill('#field-ring_timeout_ms', '999');
      await page.keyboard.press('Control+s');
      await page.waitForSelector('.record-error');
    },
  },
  {
    name: 'somebody else was first',
    user: 'admin',
    run: async (page, base) => {
      await page.goto(`${base}/admin/skills?open=1`);
      await page.waitForSelector('#field-name');
      await page.evaluate(() => fetch('/api/v1/skills/1', { method: 'PATCH', body: JSON.stringify({ name: `other ${Date.now()}` }) }));
      await page.fill('#field-name', 'mine');
      await page.click('[data-act=save]');
      await page.waitForSelector('.record [role=alert]');
    },
  },
  {
    name: 'desk at rest',
    user: 'agent1',
    run: async (page, base) => {
      await rest(base);
      await page.waitForSelector('[data-state=ready]');
    },
  },
  {
    name: 'a call rings and is answered by a key',
    user: 'agent1',
    run: async (page, base) => {
      await talk(page, base);
      await page.waitForSelector('.note-text');
    },
  },
  {
    name: 'a call that rings opens the desk',
    user: 'agent1',
    run: async (page, base) => {
      await rest(base);
      await page.goto(`${base}/interactions`);
      await page.waitForSelector('[data-state=ready]');
      await ring(base);
      await page.waitForSelector('.ring [data-act=answer]');
    },
  },
  {
    name: 'hold, keypad, transfer by keys',
    user: 'agent1',
    run: async (page, base) => {
      await talk(page, base);
      await page.keyboard.press('h');
      await page.waitForSelector('[data-act=hold].pb-on');
      await page.keyboard.press('h');
      await page.waitForSelector('[data-act=hold]:not(.pb-on)');
      await page.keyboard.press('k');
      await page.waitForSelector('.keypad');
      await page.keyboard.press('5');
      await page.waitForFunction(() => document.querySelector('.keypad-typed')?.textContent.includes('5'));
      await page.keyboard.press('k');
      await page.waitForSelector('.keypad', { state: 'detached' });
      await page.keyboard.press('t');
      await page.waitForSelector('.target-row');
    },
  },
  {
    name: 'wrap-up: result by number, end by key',
    user: 'agent1',
    run: async (page, base) => {
      await talk(page, base);
      await page.fill('.note-text', 'a note');
      await page.click('[data-act=hangup]');
      await page.waitForSelector('[data-state=wrap_up]');
      await page.keyboard.press('3');
      await page.waitForSelector('[data-result="3"].opt-on');
      await page.keyboard.press('e');
      await page.waitForSelector('[data-state=ready]');
      const saved = await page.evaluate((which) => fetch(`/api/v1/interactions/${which}`).then((r) => r.json()), id);
      return saved.note === 'a note' && saved.result === '3' ? [] : [`saved: ${saved.note}, ${saved.result}`];
    },
  },
  {
    name: 'the network is lost in a call',
    user: 'agent1',
    run: async (page, base) => {
      await talk(page, base);
      await page.route('**/api/v1/**', (route) => route.abort());
      await page.routeWebSocket('**/api/v1/events', (socket) => socket.close());
      await post(base, '/fake/cut');
      await page.waitForSelector('.lx-notice-near');
      await page.waitForSelector('[data-act=hold][aria-disabled=true]');
      await page.fill('.note-text', 'written without a network');
      const kept = await page.evaluate((which) => localStorage.getItem(`lingxi.note.${which}`), id);
      page.errors.splice(0);
      return kept === 'written without a network' ? [] : ['the note was not kept'];
    },
  },
  {
    name: 'a second tab shows that the phone is elsewhere',
    user: 'agent1',
    run: async (page, base) => {
      await rest(base);
      await page.waitForSelector('[data-state=ready]');
      await page.waitForTimeout(500);
      const second = await page.context().newPage();
      await second.goto(`${base}/desk`);
      await second.waitForSelector('[data-line=elsewhere]');
      await second.click('.desk-notice button');
      await page.waitForSelector('[data-line=taken]');
      await second.close();
    },
  },
  { name: 'visitor', run: open('/call', '.visitor-main') },
];
