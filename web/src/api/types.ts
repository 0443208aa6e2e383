// Printed by `lingxi print ts` from the tables of src/model; not edited by hand.

export interface Interaction {
  id: string;
  version: number;
  created: string;
  updated: string;
  started: string;
  direction: 'inbound' | 'outbound' | 'internal';
  channel: string;
  from: string | null;
  to: string | null;
  party: string | null;
  customer: string | null;
  customer_name: string | null;
  tier: string | null;
  language: string | null;
  queue: string | null;
  queue_name: string | null;
  agent: string | null;
  agent_name: string | null;
  queued: string | null;
  answered: string | null;
  ended: string | null;
  state: 'open' | 'wrap_up' | 'ended';
  flow_ms: number;
  wait_ms: number;
  ring_ms: number;
  talk_ms: number;
  hold_ms: number;
  wrap_up_ms: number;
  cause: 'caller_hangup' | 'agent_hangup' | 'flow_hangup' | 'transferred' | 'rejected' | 'not_found' | 'no_media' | 'failed' | 'switch_lost' | null;
  outcome: 'answered' | 'abandoned' | 'flow' | 'failed' | null;
  recording: string | null;
  result: string | null;
  result_name: string | null;
  note: string | null;
}

export interface Recording {
  id: string;
  version: number;
  created: string;
  updated: string;
  started: string;
  interaction: string;
  interaction_name: string | null;
  from: string | null;
  to: string | null;
  direction: 'inbound' | 'outbound' | 'internal' | null;
  customer: string | null;
  customer_name: string | null;
  queue: string | null;
  queue_name: string | null;
  agent: string | null;
  agent_name: string | null;
  result: string | null;
  result_name: string | null;
  ended: string | null;
  duration_ms: number | null;
  missing_ms: number | null;
  bytes: number | null;
  channels: number;
  state: 'running' | 'done';
}

export interface CustomerNumbersItem {
  id?: string;
  number: string;
  extension: string | null;
  kind: 'mobile' | 'work' | 'home' | 'fax' | 'other';
  do_not_call: boolean;
  note: string | null;
}

export interface CustomerMailsItem {
  id?: string;
  mail: string;
  note: string | null;
}

export interface CustomerAddressesItem {
  id?: string;
  kind: 'home' | 'work' | 'delivery' | 'billing';
  province: string | null;
  city: string | null;
  street: string;
  postcode: string | null;
}

export interface CustomerTagsItem {
  id?: string;
  tag: string;
}

export interface CustomerConsentsItem {
  id?: string;
  kind: 'call' | 'message' | 'mail' | 'profiling' | 'sharing';
  given: boolean;
  at: string | null;
  source: string | null;
}

export interface Customer {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  kind: 'customer' | 'prospect';
  tier: 'normal' | 'silver' | 'gold' | 'platinum';
  numbers: CustomerNumbersItem[];
  mails: CustomerMailsItem[];
  addresses: CustomerAddressesItem[];
  tags: CustomerTagsItem[];
  language: 'zh-CN' | 'en';
  company: string | null;
  birthday: string | null;
  identity_kind: 'id_card' | 'passport' | 'other' | null;
  identity: string | null;
  source: 'call' | 'web' | 'shop' | 'campaign' | 'referral' | 'import' | 'other' | null;
  owner: string | null;
  owner_name: string | null;
  team: string | null;
  team_name: string | null;
  consents: CustomerConsentsItem[];
  note: string | null;
  actions?: string[];
  deleted?: string;
  [custom: `x_${string}`]: unknown;
}

export interface AgentSkillsItem {
  id?: string;
  skill: string;
  skill_name: string | null;
  level: number;
}

export interface Agent {
  id: string;
  version: number;
  created: string;
  updated: string;
  number: string;
  name: string;
  extension: string;
  device: 'browser' | 'phone';
  auto_answer: boolean;
  sip_password?: string | null;
  skills: AgentSkillsItem[];
  deleted?: string;
}

export interface UserRolesItem {
  id?: string;
  role: string;
  role_name: string | null;
}

export interface User {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  full_name: string;
  roles: UserRolesItem[];
  team: string | null;
  team_name: string | null;
  site: string | null;
  site_name: string | null;
  agent: string | null;
  agent_name: string | null;
  language: 'zh-CN' | 'en';
  photo: string | null;
  photo_name: string | null;
  password?: string;
  must_change: boolean;
  second_factor: boolean;
  password_changed: string | null;
  state: 'active' | 'suspended';
  seen: string | null;
  actions?: string[];
  deleted?: string;
}

export interface Team {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  parent: string | null;
  parent_name: string | null;
  leader: string | null;
  leader_name: string | null;
  note: string | null;
  deleted?: string;
}

export interface Site {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  note: string | null;
  deleted?: string;
}

export interface RoleGrantsItem {
  id?: string;
  right: string;
  scope: 'own' | 'team' | 'teams' | 'site' | 'set' | 'all';
  set: string | null;
  set_name: string | null;
}

export interface Role {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  note: string | null;
  all_rights: boolean;
  second_factor: boolean;
  grants: RoleGrantsItem[];
  deleted?: string;
}

export interface DataSetMembersItem {
  id?: string;
  team: string | null;
  team_name: string | null;
  below: boolean;
  site: string | null;
  site_name: string | null;
  user: string | null;
  user_name: string | null;
}

export interface DataSet {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  note: string | null;
  members: DataSetMembersItem[];
  deleted?: string;
}

export interface Session {
  id: string;
  version: number;
  created: string;
  updated: string;
  user: string;
  user_name: string | null;
  address: string;
  user_agent: string | null;
  seen: string;
  expires: string;
}

export interface ApiTokenRightsItem {
  id?: string;
  right: string;
}

export interface ApiToken {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  user: string;
  user_name: string | null;
  rights: ApiTokenRightsItem[];
  expires: string | null;
  state: 'active' | 'revoked';
  hint: string | null;
  seen: string | null;
  address: string | null;
  token?: string;
  actions?: string[];
}

export interface SignIn {
  id: string;
  version: number;
  created: string;
  updated: string;
  user: string | null;
  user_name: string | null;
  name: string | null;
  result: 'ok' | 'password' | 'unknown' | 'locked' | 'code' | 'elsewhere';
  address: string | null;
  user_agent: string | null;
}

export interface Skill {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  agents: number | null;
  note: string | null;
  deleted?: string;
}

export interface QueueSkillsItem {
  id?: string;
  skill: string;
  skill_name: string | null;
  level: number;
}

export interface QueueMembersItem {
  id?: string;
  agent: string;
  agent_name: string | null;
}

export interface Queue {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  strategy: 'longest_idle' | 'level_first';
  priority: number;
  skills: QueueSkillsItem[];
  members: QueueMembersItem[];
  ring_timeout_ms: number;
  wrap_up_ms: number;
  when_empty: 'wait' | 'leave';
  overflow_after_ms: number;
  overflow_expected_ms: number;
  overflow_queue: string | null;
  overflow_queue_name: string | null;
  max_wait_ms: number;
  max_length: number;
  handle_ms: number;
  announce_position: boolean;
  announce_wait: boolean;
  announce_every_ms: number;
  announce_number: boolean;
  music: string;
  pop_url: string | null;
  service_level_ms: number;
  deleted?: string;
}

export interface Did {
  id: string;
  version: number;
  created: string;
  updated: string;
  number: string;
  name: string;
  flow: string;
  flow_name: string | null;
  deleted?: string;
}

export interface Flow {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  note: string | null;
  graph: Record<string, unknown>;
  deleted?: string;
}

export interface Prompt {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  language: 'zh-CN' | 'en';
  text: string | null;
  path: string | null;
  deleted?: string;
}

export interface Trunk {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  sources: string | null;
  proxy: string | null;
  transport: 'udp' | 'tcp';
  auth_user: string | null;
  password?: string | null;
  caller_id: string | null;
  deleted?: string;
}

export interface Reason {
  id: string;
  version: number;
  created: string;
  updated: string;
  code: string;
  name: string;
  name_en: string;
  position: number;
  limit_ms: number | null;
  deleted?: string;
}

export interface Disposition {
  id: string;
  version: number;
  created: string;
  updated: string;
  number: number;
  name: string;
  name_en: string;
  deleted?: string;
}

export interface CustomFieldChoicesItem {
  id?: string;
  value: string;
  label: { 'zh-CN'?: string; en?: string };
}

export interface CustomField {
  id: string;
  version: number;
  created: string;
  updated: string;
  resource: 'customer';
  label: { 'zh-CN'?: string; en?: string };
  name: string;
  type: 'string' | 'text' | 'integer' | 'number' | 'money' | 'phone' | 'boolean' | 'enum' | 'choices' | 'date' | 'time' | 'duration';
  choices: CustomFieldChoicesItem[];
  digits: number | null;
  min: number | null;
  max: number | null;
  required: boolean;
  listed: boolean;
  searched: boolean;
  indexed: boolean;
  masked: boolean;
  help: { 'zh-CN'?: string; en?: string } | null;
  position: number;
  deleted?: string;
}

export interface Setting {
  id: string;
  version: number;
  created: string;
  updated: string;
  realm: string;
  language: 'zh-CN' | 'en';
  region: string;
  currency: 'CNY' | 'HKD' | 'MOP' | 'TWD' | 'USD' | 'EUR' | 'GBP' | 'JPY' | 'KRW' | 'SGD' | 'MYR' | 'THB' | 'VND' | 'AUD' | 'CAD';
  record: boolean;
  ring_timeout_ms: number;
  wrap_up_ms: number;
  sip_digest: 'md5_first' | 'sha256_first' | 'md5';
  pop_url: string | null;
  pop_how: 'panel' | 'window';
  password_min: number;
  password_classes: number;
  password_history: number;
  password_days: number;
  lock_after: number;
  lock_ms: number;
  bin_days: number;
  agent_prefix: string | null;
}

export interface Job {
  id: string;
  version: number;
  created: string;
  updated: string;
  kind: 'export' | 'import' | 'import_check' | 'bulk';
  resource: string | null;
  label: string | null;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  done: number;
  total: number | null;
  counts: Record<string, unknown> | null;
  message: string | null;
  file_name: string | null;
  file_size: number | null;
  owner: string;
  owner_name: string | null;
  started: string | null;
  ended: string | null;
  actions?: string[];
}

export interface Import {
  id: string;
  version: number;
  created: string;
  updated: string;
  resource: string;
  file_name: string;
  file_size: number;
  state: 'uploaded' | 'mapped' | 'checking' | 'checked' | 'running' | 'done' | 'failed' | 'cancelled';
  plan: Record<string, unknown> | null;
  counts: Record<string, unknown> | null;
  total: number | null;
  message: string | null;
  job: string | null;
  job_name: string | null;
  owner: string;
  owner_name: string | null;
}

export interface ViewColumnsItem {
  id?: string;
  name: string;
  width: number | null;
}

export interface View {
  id: string;
  version: number;
  created: string;
  updated: string;
  name: string;
  resource: string;
  query: Record<string, unknown>;
  columns: ViewColumnsItem[];
  shared: 'nobody' | 'team' | 'all';
  team: string | null;
  team_name: string | null;
  standard: boolean;
  position: number;
  owner: string;
  owner_name: string | null;
  deleted?: string;
}

export interface Audit {
  id: string;
  version: number;
  created: string;
  updated: string;
  actor: string | null;
  actor_name: string | null;
  action: 'create' | 'update' | 'delete' | 'restore' | 'purge' | 'merge' | 'sign_in' | 'unlock' | 'factor_codes' | 'take_over' | 'set_state' | 'reveal' | 'listen' | 'download' | 'export' | 'import' | 'convert' | 'suspend' | 'activate' | 'revoke' | 'cancel';
  resource: 'interaction' | 'recording' | 'customer' | 'agent' | 'user' | 'team' | 'site' | 'role' | 'data_set' | 'session' | 'api_token' | 'sign_in' | 'skill' | 'queue' | 'did' | 'flow' | 'prompt' | 'trunk' | 'reason' | 'disposition' | 'custom_field' | 'setting' | 'job' | 'import' | 'view' | 'audit';
  record: string | null;
  record_name: string | null;
  address: string | null;
  names: Record<string, unknown> | null;
  changes: Record<string, unknown> | null;
}

export interface Resources {
  interactions: Interaction;
  recordings: Recording;
  customers: Customer;
  agents: Agent;
  users: User;
  teams: Team;
  sites: Site;
  roles: Role;
  data_sets: DataSet;
  sessions: Session;
  api_tokens: ApiToken;
  sign_ins: SignIn;
  skills: Skill;
  queues: Queue;
  dids: Did;
  flows: Flow;
  prompts: Prompt;
  trunks: Trunk;
  reasons: Reason;
  dispositions: Disposition;
  custom_fields: CustomField;
  settings: Setting;
  jobs: Job;
  imports: Import;
  views: View;
  audit: Audit;
}
