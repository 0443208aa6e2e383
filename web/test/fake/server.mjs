// A stand-in for the server, for browser tests alone: the routes of src/desk/README.md over rows in memory, no calls.
// usage: node test/fake/server.mjs [PORT] [--empty]   POST /fake/live {topic,id,value} changes and announces a live value.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { WebSocketServer } from 'ws';
import { detail, interactions, liveNow, tables } from './data.mjs';
import { meta } from './meta.mjs';
import { wav } from './wav.mjs';

const empty = process.argv.includes('--empty');
const dist = new URL('../../dist', import.meta.url).pathname;
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' };
const live = empty ? { switch: true, agents: {}, queues: {}, calls: {} } : liveNow();
const rows = empty ? Object.fromEntries(Object.keys(tables).map((k) => [k, k === 'agents' || k === 'users' ? tables[k] : []])) : tables;
rows.views = [];
rows.interactions = empty ? [] : interactions;
const versions = new Map();
const demo = { speed: 1, paused: false, running: true, calls: 8 };
let user = null;
let tries = 0;

const json = (res, status, body, headers = {}) => res.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body === undefined ? '' : JSON.stringify(body));
const fail = (res, status, code, detailText, more = {}, headers = {}) => json(res, status, { type: 'about:blank', title: code, status, code, detail: detailText, ...more }, headers);
const agentOf = () => (user?.roles.includes('坐席') ? rows.agents.find((a) => a.user === user.id) : null);
const sessionBody = () => ({ expires: new Date(Date.now() + 36e6).toISOString(), user, rights: agentOf() ? ['interaction.read'] : ['interaction.read', 'live.watch', 'setting.read'], agent: agentOf() ? (({ id, number, name }) => ({ id, number, name }))(agentOf()) : null });
const etag = (plural, id) => `"${versions.get(`${plural}/${id}`) ?? 1}"`;
const sockets = new Set();
const publish = (message) => sockets.forEach((s) => s.send(JSON.stringify(message)));

function setLive(topic, id, value) {
  const table = live[`${topic}s`];
  if (value === null) delete table[id];
  else table[id] = { ...table[id], ...value };
  publish({ topic, id, value: value === null ? null : table[id] });
}

function list(plural, url) {
  let items = rows[plural];
  const p = url.searchParams;
  const q = p.get('q');
  if (q) items = items.filter((r) => JSON.stringify(r).includes(q));
  for (const [name, value] of p) {
    if (['q', 'sort', 'limit', 'cursor', 'fields', 'format'].includes(name)) continue;
    if (name.endsWith('.min')) items = items.filter((r) => String(r[name.slice(0, -4)]) >= value);
    else if (name.endsWith('.max')) items = items.filter((r) => String(r[name.slice(0, -4)]) <= value);
    else items = items.filter((r) => p.getAll(name).includes(String(r[name] ?? '')));
  }
  const sort = p.get('sort');
  if (sort) {
    const key = sort.replace('-', '');
    items = [...items].sort((a, b) => String(a[key] ?? '').localeCompare(String(b[key] ?? ''), 'zh', { numeric: true }) * (sort.startsWith('-') ? -1 : 1));
  }
  const from = Number(p.get('cursor') ?? 0);
  const limit = Number(p.get('limit') ?? 50);
  return { items: items.slice(from, from + limit), next: from + limit < items.length ? String(from + limit) : null, total: items.length };
}

function check(plural, body, creating) {
  const fields = meta.resources.find((r) => r.plural === plural)?.fields ?? [];
  const errors = [];
  for (const field of fields) {
    const value = body[field.name];
    if (field.required && (value === '' || value === null || (creating && value === undefined))) errors.push({ field: field.name, code: 'required', message: 'is required' });
    if (typeof value === 'number' && field.max !== null && value > field.max) errors.push({ field: field.name, code: 'range', message: `must be at most ${field.max}` });
  }
  return errors;
}

function collection(req, res, url, plural, id, body) {
  const table = rows[plural];
  if (!table) return fail(res, 404, 'not_found', 'no such collection');
  if (!id && req.method === 'GET') {
    if (url.searchParams.get('format') === 'csv') return res.writeHead(200, { 'Content-Type': 'text/csv', 'Content-Disposition': 'attachment; filename="list.csv"' }).end('id\n');
    return json(res, 200, list(plural, url));
  }
  const errors = body ? check(plural, body, !id) : [];
  if (errors.length > 0) return fail(res, 422, 'invalid', 'fields are wrong', { errors });
  if (!id) {
    const row = { id: String(Date.now()), ...body };
    table.push(row);
    return json(res, 201, row, { ETag: '"1"' });
  }
  const row = table.find((r) => r.id === id);
  if (!row) return fail(res, 404, 'not_found', 'no such record');
  if (req.method === 'GET') return json(res, 200, plural === 'interactions' ? detail(row) : row, { ETag: etag(plural, id) });
  if (req.headers['if-match'] && req.headers['if-match'] !== etag(plural, id)) return fail(res, 412, 'conflict', 'changed meanwhile');
  if (req.method === 'DELETE') { table.splice(table.indexOf(row), 1); return json(res, 204); }
  Object.assign(row, body);
  versions.set(`${plural}/${id}`, (versions.get(`${plural}/${id}`) ?? 1) + 1);
  publish({ topic: 'changed', resource: plural.replace(/s$/, ''), id });
  return json(res, 200, row, { ETag: etag(plural, id) });
}

function session(req, res, body) {
  if (req.method === 'GET') return user ? json(res, 200, sessionBody()) : fail(res, 401, 'credentials', 'not signed in');
  if (req.method === 'DELETE') return json(res, 204, undefined, { 'Set-Cookie': 'lingxi=; Path=/; Max-Age=0' });
  if (tries >= 5) return fail(res, 429, 'locked', 'too many', {}, { 'Retry-After': '300' });
  user = rows.users.find((u) => u.name === body.username && body.password === `${body.username}-demo`) ?? null;
  if (!user) { tries += 1; return fail(res, 401, 'credentials', 'wrong'); }
  tries = 0;
  return json(res, 200, { token: 'x', ...sessionBody() }, { 'Set-Cookie': `lingxi=${user.name}; Path=/; HttpOnly` });
}

function agentsMe(req, res, parts, body) {
  const me = agentOf();
  if (!me) return fail(res, 403, 'denied', 'not an agent');
  if (parts.length === 0) {
    const calls = Object.entries(live.calls).filter(([, c]) => c.agent === me.id).map(([id, value]) => ({ id, value }));
    const phone = { uri: `sip:${me.number}@lingxi`, auth_user: me.number, secret: 'x', realm: 'lingxi', ws: `ws://${req.headers.host}/sip` };
    return json(res, 200, { agent: { ...me, queues: rows.queues.slice(0, 3).map(({ id, name }) => ({ id, name })) }, switch: true, state: live.agents[me.id] ?? null, calls, phone });
  }
  if (parts[0] === 'state') setLive('agent', me.id, { state: body.state, reason: body.reason ?? null, since: Date.now(), interaction: null });
  else if (parts[0] === 'wrap_up') setLive('agent', me.id, { state: 'ready', reason: null, since: Date.now(), interaction: null });
  else if (parts[0] === 'calls' && parts.length === 3) act(me, parts[1], parts[2]);
  return json(res, 200, { n: 500 });
}

const phases = { answer: 'talking', hold: 'held', retrieve: 'talking', consult: 'consulting', consult_cancel: 'held', conference: 'conference', split: 'consulting' };

function act(me, id, action) {
  if (phases[action]) {
    setLive('call', id, { phase: phases[action], since: action === 'answer' ? Date.now() : live.calls[id].since });
    if (action === 'answer') setLive('agent', me.id, { state: 'on_contact', since: Date.now(), interaction: id });
  } else if (action === 'mute' || action === 'unmute') publish({ event: { n: 501, at: Date.now(), kind: action === 'mute' ? 'mute.started' : 'mute.ended', interaction: id, agent: me.id } });
  else if (action === 'hangup' || action === 'transfer' || action === 'transfer_complete') {
    setLive('call', id, { phase: 'wrap_up', since: Date.now() });
    setLive('agent', me.id, { state: 'wrap_up', since: Date.now(), interaction: id });
  }
}

function peaks(url) {
  const n = Number(url.searchParams.get('n') ?? 800);
  const wave = (k) => Array.from({ length: n }, (_, i) => (Math.sin(i / 23 + k * 2.4) > 0.1 ? Math.round(30 + 60 * Math.abs(Math.sin(i * 1.7 + k))) : 1));
  return { duration_ms: 95000, n, channels: [wave(0), wave(1)] };
}

const nameInCookie = (req) => /lingxi=(\w+)/.exec(req.headers.cookie ?? '')?.[1];

async function api(req, res, url, body) {
  user = rows.users.find((u) => u.name === nameInCookie(req)) ?? null;
  const [head, ...rest] = url.pathname.slice('/api/v1/'.length).split('/');
  if (head === 'session') return session(req, res, body);
  if (head === 'health') return json(res, 200, { status: 'ok' });
  if (head === 'visitor') return json(res, 200, { ws: `ws://${req.headers.host}/sip`, realm: 'lingxi', numbers: [{ number: '4008001234', name: '云杉航空客服热线' }] });
  if (!user) return fail(res, 401, 'credentials', 'not signed in');
  if (head === 'preferences') return json(res, req.method === 'GET' ? 200 : 204, req.method === 'GET' ? {} : undefined);
  if (head === 'meta') return json(res, 200, meta);
  if (head === 'live') return json(res, 200, live);
  if (head === 'demo') { Object.assign(demo, body ?? {}); return json(res, 200, demo); }
  if (head === 'agents' && rest[0] === 'me') return agentsMe(req, res, rest.slice(1), body);
  if (head === 'agents' && rest[1] === 'state') { setLive('agent', rest[0], { state: body.state, reason: body.reason ?? null, since: Date.now() }); return json(res, 200, { n: 1 }); }
  if (head === 'recordings' && rest[1] === 'peaks') return json(res, 200, peaks(url));
  if (head === 'recordings' && rest[1] === 'audio') return wav(req, res);
  if (head === 'customers' && rest[1] === 'timeline') return json(res, 200, { items: rows.interactions.filter((r) => r.customer === rest[0]).slice(0, 10), next: null });
  return collection(req, res, url, head, rest[0], body);
}

function page(res, url) {
  const file = join(dist, url.pathname);
  const path = existsSync(file) && statSync(file).isFile() ? file : join(dist, 'index.html');
  res.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream' });
  createReadStream(path).pipe(res);
}

const server = createServer((req, res) => {
  const url = new URL(req.url, 'http://x');
  let text = '';
  req.on('data', (part) => (text += part));
  req.on('end', () => {
    const body = text ? JSON.parse(text) : undefined;
    if (url.pathname === '/fake/live') { setLive(body.topic, body.id, body.value); return json(res, 204); }
    if (url.pathname === '/fake/event') { publish({ event: body }); return json(res, 204); }
    if (url.pathname === '/fake/cut') { sockets.forEach((s) => s.terminate()); return json(res, 204); }
    if (url.pathname.startsWith('/api/v1/')) return void api(req, res, url, body);
    return page(res, url);
  });
});
const wss = new WebSocketServer({ noServer: true });
server.on('upgrade', (req, socket, head) => {
  if (req.url === '/api/v1/events' || req.url === '/sip') {
    wss.handleUpgrade(req, socket, head, (ws) => {
      if (req.url === '/sip') return;
      sockets.add(ws);
      ws.on('close', () => sockets.delete(ws));
      ws.send(JSON.stringify({ topic: 'snapshot', ...live }));
    });
  } else socket.destroy();
});
server.listen(Number(process.argv[2] ?? 0) || 0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
