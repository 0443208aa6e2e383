// Descriptors as /api/v1/meta prints them, for tests only.
const L = (zh, en) => ({ zh, en });
const f = (name, type, label, more = {}) => ({
  name, type, label, help: null, required: false, read_only: false, write_only: false, create_only: false,
  sortable: !['json', 'list', 'secret', 'text'].includes(type), filterable: ['enum', 'ref', 'boolean'].includes(type),
  search: false, min: null, max: null, default: null, ...more,
});
const name = (max = 64) => f('name', 'string', L('名称', 'Name'), { required: true, search: true, min: 1, max });
const all = { read: true, create: true, update: true, delete: true };
const resource = (n, plural, label, labels, area, columns, fields, more = {}) => ({
  name: n, plural, label, labels, area, title: 'name', sort: 'name', columns, rights: all, fields, ...more,
});
const choice = (value, zh, en) => ({ value, label: L(zh, en) });
const skillList = f('skills', 'list', L('技能', 'Skills'), {
  help: L('1 到 9，9 是专家', '1 to 9; 9 is expert'),
  fields: [f('skill', 'ref', L('技能', 'Skill'), { ref: 'skills', required: true }), f('level', 'integer', L('等级', 'Level'), { min: 1, max: 9, required: true })],
});

export const meta = {
  rights: [],
  resources: [
    resource('user', 'users', L('用户', 'User'), L('用户', 'Users'), 'people', ['name', 'full_name', 'disabled'], [
      name(32), f('full_name', 'string', L('姓名', 'Full name'), { search: true, max: 64 }),
      f('password', 'secret', L('密码', 'Password'), { write_only: true, min: 8, max: 128 }),
      f('language', 'enum', L('语言', 'Language'), { choices: [choice('zh-CN', '中文', 'Chinese'), choice('en', '英文', 'English')], default: 'zh-CN' }),
      f('disabled', 'boolean', L('停用', 'Disabled'), { default: false }),
    ]),
    resource('agent', 'agents', L('坐席', 'Agent'), L('坐席', 'Agents'), 'people', ['number', 'name', 'extension', 'auto_answer'], [
      f('number', 'string', L('工号', 'Number'), { required: true, search: true, max: 12 }), name(),
      f('user', 'ref', L('用户', 'User'), { ref: 'users' }), f('extension', 'string', L('分机', 'Extension'), { max: 12 }),
      f('device', 'enum', L('用什么接电话', 'Device'), { choices: [choice('browser', '浏览器', 'Browser'), choice('phone', '话机', 'Phone')], default: 'browser' }),
      f('auto_answer', 'boolean', L('自动接听', 'Auto-answer'), { default: false }), skillList,
    ]),
    resource('skill', 'skills', L('技能', 'Skill'), L('技能', 'Skills'), 'routing', ['name'], [name()]),
    resource('queue', 'queues', L('队列', 'Queue'), L('队列', 'Queues'), 'routing', ['name', 'strategy', 'priority', 'ring_timeout_ms', 'max_wait_ms', 'announce_number'], [
      name(), f('strategy', 'enum', L('分配策略', 'Strategy'), { choices: [choice('longest_idle', '最长空闲', 'Longest idle')], default: 'longest_idle' }),
      f('priority', 'integer', L('优先级', 'Priority'), { min: 0, max: 100, default: 50 }),
      f('ring_timeout_ms', 'duration', L('振铃超时', 'Ring time-out'), { min: 3000, max: 120000, default: 15000 }),
      f('wrap_up_ms', 'duration', L('话后处理', 'Wrap-up'), { min: 0, max: 3600000, default: 30000 }),
      f('max_wait_ms', 'duration', L('最长等待', 'Longest wait'), { min: 0, max: 7200000, default: 600000 }),
      f('announce_number', 'boolean', L('自动报工号', 'Announce number'), { default: true, help: L('接起时播报“8001 号为您服务”', 'Says the agent’s number on answer') }),
      f('music', 'ref', L('等待音乐', 'Music'), { ref: 'prompts' }), skillList,
      f('agents', 'list', L('成员', 'Members'), { fields: [f('agent', 'ref', L('坐席', 'Agent'), { ref: 'agents' })] }),
    ]),
    resource('trunk', 'trunks', L('中继', 'Trunk'), L('中继', 'Trunks'), 'access', ['name', 'proxy', 'transport'], [
      name(), f('sources', 'text', L('来源地址', 'Sources'), { help: L('每行一个地址或网段', 'One address or network per line') }),
      f('proxy', 'string', L('对端', 'Proxy'), { max: 128 }), f('transport', 'enum', L('传输', 'Transport'), { choices: [choice('udp', 'UDP', 'UDP'), choice('tcp', 'TCP', 'TCP')] }),
      f('password', 'secret', L('密码', 'Password'), { write_only: true }),
    ]),
    resource('did', 'dids', L('被叫号码', 'Called number'), L('被叫号码', 'Called numbers'), 'access', ['number', 'name', 'flow'], [
      f('number', 'string', L('号码', 'Number'), { required: true, search: true }), f('name', 'string', L('名称', 'Name')), f('flow', 'ref', L('流程', 'Flow'), { ref: 'flows', required: true }),
    ], { title: 'number' }),
    resource('flow', 'flows', L('流程', 'Flow'), L('流程', 'Flows'), 'routing', ['name', 'version', 'updated'], [
      name(), f('version', 'integer', L('版本', 'Version'), { read_only: true }), f('graph', 'json', L('流程图', 'Graph'), { required: true }), f('updated', 'time', L('更新', 'Updated'), { read_only: true }),
    ]),
    resource('prompt', 'prompts', L('语音', 'Prompt'), L('语音', 'Prompts'), 'access', ['name', 'language', 'text'], [
      name(), f('language', 'enum', L('语言', 'Language'), { choices: [choice('zh-CN', '中文', 'Chinese'), choice('en', '英文', 'English')] }), f('text', 'text', L('文字', 'Text')),
    ]),
    resource('reason', 'reasons', L('示忙原因', 'Reason'), L('示忙原因', 'Reasons'), 'business', ['code', 'name', 'limit_ms'], [
      f('code', 'string', L('编码', 'Code'), { required: true, create_only: true, help: L('流程和接口里用，不能再改', 'Used by flows and programs; cannot be changed') }), name(), f('limit_ms', 'duration', L('时限', 'Limit')),
    ]),
    resource('disposition', 'dispositions', L('业务小结', 'Result'), L('业务小结', 'Results'), 'business', ['number', 'name'], [
      f('number', 'integer', L('编号', 'Number'), { min: 1, max: 999 }), name(),
    ]),
    resource('customer', 'customers', L('客户', 'Customer'), L('客户', 'Customers'), 'business', ['name', 'tier', 'language'], [
      name(), f('tier', 'enum', L('等级', 'Tier'), { choices: [choice('platinum', '白金', 'Platinum'), choice('gold', '金卡', 'Gold'), choice('silver', '银卡', 'Silver'), choice('standard', '普通', 'Standard')] }),
      f('language', 'enum', L('语言', 'Language'), { choices: [choice('zh-CN', '中文', 'Chinese'), choice('en', '英文', 'English')] }),
      f('numbers', 'list', L('号码', 'Numbers'), { fields: [f('number', 'string', L('号码', 'Number'), { required: true }), f('kind', 'enum', L('种类', 'Kind'), { choices: [choice('mobile', '手机', 'Mobile'), choice('work', '单位', 'Work')] })] }),
      f('note', 'text', L('备注', 'Note')), f('created', 'time', L('建立', 'Created'), { read_only: true }),
    ]),
    resource('setting', 'settings', L('系统设置', 'Setting'), L('系统设置', 'Settings'), 'system', ['name', 'value'], [
      f('name', 'string', L('名称', 'Name'), { read_only: true }), f('value', 'string', L('值', 'Value')),
    ], { rights: { read: true, create: false, update: true, delete: false } }),
  ],
};
