// A small airline's centre made from a seed: the same rows at every start.
const now = Date.now();
const iso = (ms) => (ms === null ? null : new Date(ms).toISOString());
let seed = 7;
export const rnd = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * n); };

const names = ['王芳', '李沐阳', '韩松', '苏禾', '叶青岚', '许临川', '江野', '邵文静', '程砚', '柯南星', '段明溪', '顾北辰', '陆知行', '白露', '罗以宁', '孟晓舟'];
const people = ['周雨桐', '林知夏', '何启明', '沈维舟', '郑若兰', '贺兰', '邱明远', '石佳宁', '潘越', '葛明哲'];
export const queueNames = ['订票', '航班动态', '行李服务', '会员服务', '综合'];
const tiers = ['platinum', 'gold', 'silver', 'standard', 'standard'];

const skills = ['订票', '退改签', '英语', '行李'].map((name, i) => ({ id: String(i + 1), name }));
const queues = queueNames.map((name, i) => ({
  id: String(i + 5), name, strategy: 'longest_idle', priority: 50, ring_timeout_ms: 15000, wrap_up_ms: 30000, max_wait_ms: 600000,
  service_level_ms: 20000, announce_number: true, music: '1', skills: i < 2 ? [{ id: '1', skill: String(i + 1), skill_name: skills[i].name, level: 3 }] : [], agents: [],
}));
const agents = names.map((name, i) => ({
  id: String(12 + i), number: String(8001 + i), name, user: String(100 + i), user_name: `agent${i + 1}`, extension: String(8001 + i), device: 'browser', auto_answer: i === 3,
  skills: [{ id: '1', skill: '1', skill_name: '订票', level: 5 }],
}));
const users = [{ id: '1', name: 'admin', full_name: '管理员', roles: ['管理员'], language: 'zh-CN', disabled: false }, { id: '2', name: 'lead1', full_name: '陈知远', roles: ['班长'], language: 'zh-CN', disabled: false },
  ...names.map((n, i) => ({ id: String(100 + i), name: `agent${i + 1}`, full_name: n, roles: ['坐席'], language: 'zh-CN', disabled: false }))];
const customers = people.map((name, i) => ({ id: String(40 + i), name, tier: tiers[i % 5], language: 'zh-CN', numbers: [{ id: '1', number: `1380000${String(6027 + i)}`, kind: 'mobile' }, ...(i % 2 ? [] : [{ id: '2', number: '01064551234', kind: 'work' }])], note: '', created: iso(now - 864e6) }));
const dispositions = ['改签成功', '改签未成', '退票', '航班咨询', '座位餐食', '行李', '会员里程', '投诉建议', '其他'].map((name, i) => ({ id: String(i + 1), number: i + 1, name, name_en: `Result ${i + 1}` }));
const graph = { start: 'hello', nodes: { hello: { type: 'play', prompt: 'welcome', next: 'menu' }, menu: { type: 'menu', prompt: 'main', keys: { 1: 'booking', 2: 'status' } }, booking: { type: 'queue', queue: '5' }, status: { type: 'queue', queue: '6' } } };

export const tables = {
  users, agents, skills, queues, customers, dispositions,
  trunks: [{ id: '1', name: '本机', sources: '127.0.0.0/8', proxy: '', transport: 'udp' }],
  dids: [{ id: '1', number: '4008001234', name: '客服热线', flow: '1', flow_name: '主菜单' }],
  flows: [{ id: '1', name: '主菜单', version: 3, graph, updated: iso(now - 36e5) }],
  prompts: [{ id: '1', name: '等待音乐', language: 'zh-CN', text: '' }, { id: '2', name: '欢迎', language: 'zh-CN', text: '欢迎致电云杉航空。' }],
  reasons: [{ id: '1', code: 'rest', name: '小休', limit_ms: 900000 }, { id: '2', code: 'lunch', name: '用餐', limit_ms: 2700000 }, { id: '3', code: 'training', name: '培训', limit_ms: null }],
  settings: [{ id: '1', name: 'realm', value: 'lingxi' }, { id: '2', name: 'wrap_up_ms', value: '30000' }],
};

function interaction(i) {
  const c = customers[rnd(customers.length)];
  const known = rnd(4) > 0;
  const outcome = ['answered', 'answered', 'answered', 'abandoned', 'flow', 'failed'][rnd(6)];
  const q = queues[rnd(queues.length)];
  const a = agents[rnd(agents.length)];
  const started = now - i * 421000 - rnd(200000);
  const flow = 6000 + rnd(9000), wait = outcome === 'flow' ? null : 2000 + rnd(60000), ring = 2000 + rnd(6000), talk = outcome === 'answered' ? 20000 + rnd(400000) : null;
  const answered = outcome === 'answered';
  const d = dispositions[rnd(9)];
  return {
    id: String(9000 + i), version: 3, channel: 'voice', direction: rnd(8) === 0 ? 'outbound' : 'inbound', from: known ? c.numbers[0].number : `159${rnd(90000000) + 10000000}`, to: '4008001234',
    customer: known ? c.id : null, customer_name: known ? c.name : null, tier: known ? c.tier : null, language: 'zh-CN',
    queue: outcome === 'flow' ? null : q.id, queue_name: outcome === 'flow' ? null : q.name, agent: answered ? a.id : null, agent_name: answered ? a.name : null,
    started: iso(started), queued: iso(started + flow), answered: answered ? iso(started + flow + (wait ?? 0)) : null, ended: iso(started + flow + (wait ?? 0) + (talk ?? 0)), state: 'ended',
    flow_ms: flow, wait_ms: wait, ring_ms: answered ? ring : null, talk_ms: talk, hold_ms: answered && rnd(3) === 0 ? 35000 : 0, wrap_up_ms: answered ? 12000 : null,
    cause: 'caller_hangup', outcome, result: answered ? d.id : null, result_name: answered ? d.name : null, note: answered ? '行程冲突，由 22 日早班改至 23 日；要求保留靠窗座位。' : null, recording: answered ? String(90000 + i) : null,
  };
}
export const interactions = Array.from({ length: 137 }, (_, i) => interaction(i));

export function detail(row) {
  const t0 = Date.parse(row.started);
  const steps = [];
  let n = 400;
  const add = (offset, kind, more = {}) => steps.push({ n: n++, at: iso(t0 + offset), offset_ms: offset, kind, interaction: row.id, ...more });
  const a = { agent: row.agent, agent_name: row.agent_name }, q = { queue: row.queue, queue_name: row.queue_name };
  const total = Date.parse(row.ended) - t0;
  add(0, 'interaction.started', { direction: row.direction, from: row.from, to: row.to });
  add(20, 'flow.started', { flow: '1', flow_name: '主菜单' });
  add(40, 'flow.step', { node: 'hello', type: 'play', result: 'done' });
  add(3400, 'flow.step', { node: 'menu', type: 'menu', result: '1', key: '1' });
  if (row.queue) {
    const queued = row.flow_ms, accepted = queued + row.wait_ms;
    add(queued, 'queue.entered', { ...q, item: '1', position: 2 });
    if (row.outcome === 'answered') {
      const end = accepted + row.talk_ms;
      add(Math.max(queued, accepted - row.ring_ms), 'offer.made', { ...a, ...q, offer: '1' });
      add(accepted, 'offer.accepted', { ...a, offer: '1', rang_ms: row.ring_ms });
      add(accepted, 'queue.left', { ...q, reason: 'answered', waited_ms: row.wait_ms });
      add(accepted + 10, 'bridge.joined', {});
      add(accepted + 20, 'recording.started', { recording: row.recording });
      if (row.hold_ms) { add(accepted + row.talk_ms * 0.3, 'hold.started', a); add(accepted + row.talk_ms * 0.3 + row.hold_ms, 'hold.ended', a); }
      add(end, 'recording.ended', { recording: row.recording, duration_ms: row.talk_ms });
      add(end + 10, 'interaction.ended', { cause: row.cause });
      add(end + 11, 'agent.state', { ...a, state: 'wrap_up' });
      add(end + row.wrap_up_ms, 'wrap_up.ended', { ...a, by: 'agent', lasted_ms: row.wrap_up_ms });
    } else {
      add(total, 'queue.left', { ...q, reason: 'abandoned', waited_ms: row.wait_ms });
      add(total, 'interaction.ended', { cause: row.cause });
    }
  } else add(total, 'interaction.ended', { cause: 'flow_hangup' });
  const rec = row.recording ? [{ id: row.recording, started: row.answered, duration_ms: row.talk_ms, state: 'done' }] : [];
  const legs = [{ id: '1', role: 'caller', direction: 'inbound', address: row.from, agent: null, agent_name: null, started: row.started, answered: row.started, ended: row.ended, codec: 'PCMA', cause: 'hangup' }];
  if (row.agent) legs.push({ id: '2', role: 'agent', direction: 'outbound', address: row.agent_name, agent: row.agent, agent_name: row.agent_name, started: row.answered, answered: row.answered, ended: row.ended, codec: 'PCMU', cause: 'hangup' });
  return { ...row, steps, legs, recordings: rec };
}

export function liveNow() {
  const states = ['on_contact', 'on_contact', 'ready', 'wrap_up', 'not_ready', 'on_contact', 'ringing', 'ready', 'offline'];
  const live = { switch: true, agents: {}, queues: {}, calls: {} };
  agents.forEach((a, i) => {
    const state = i === 0 ? 'not_ready' : states[i % states.length];
    const id = state === 'on_contact' ? String(20000 + i) : null;
    const since = now - 20000 - rnd(700000);
    live.agents[a.id] = { state, reason: state === 'not_ready' ? 'lunch' : null, since, interaction: id, phone: state !== 'offline', number: a.number };
    if (id) live.calls[id] = { direction: 'inbound', from: customers[i % 10].numbers[0].number, to: '4008001234', name: customers[i % 10].name, tier: customers[i % 10].tier, customer: customers[i % 10].id, phase: i % 4 ? 'talking' : 'held', since, started: since - 30000, queue: queues[i % 5].id, agent: a.id };
  });
  queues.forEach((q, i) => {
    const waiting = [7, 2, 1, 0, 0][i];
    live.queues[q.id] = { waiting, longest_since: waiting ? now - [161000, 15000, 4000][i] : null, offered: i < 2 ? 1 : 0, ready: i, busy: 4, not_ready: 2, expected_wait_ms: waiting ? 80000 : null };
    for (let k = 0; k < waiting; k++) live.calls[String(30000 + i * 10 + k)] = { direction: 'inbound', from: `1391111${4000 + k}`, to: '4008001234', name: k % 2 ? people[k] : null, tier: k % 2 ? tiers[k % 5] : null, phase: 'queued', since: now - 161000 + k * 20000, started: now - 180000 + k * 20000, queue: q.id, agent: null };
  });
  return live;
}
