// Printed by `lingxi print answers` from the table of src/desk/answers.c; not edited by hand.
import type * as records from './types';

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  errors?: ProblemError[];
  errors_more?: number;
  current?: Record<string, unknown>;
  uses?: Use[];
}

export interface ProblemError {
  field: string;
  code: string;
  message: string;
}

export interface Use {
  resource: string;
  id?: string;
  name?: string;
}

export interface Fault {
  code: string;
  field: string;
  text: string;
}

export interface Label {
  zh: string;
  en: string;
}

export interface Made {
  id: string;
}

export interface Merged {
  merged_into: string;
}

export interface SignedIn {
  token?: string;
  id?: string;
  expires: string | null;
  user: SignedInUser;
  agent: SignedInAgent | null;
  rights: string[];
  password_due: boolean;
  second_factor: boolean;
  factor_due: boolean;
}

export interface Factor {
  active: boolean;
  since: string | null;
  codes_left: number;
}

export interface FactorMade {
  key: string;
  uri: string;
}

export interface FactorCodes {
  codes: string[];
}

export interface SignedInUser {
  id: string;
  name: string;
  full_name: string;
  language: string;
  roles: string[];
}

export interface SignedInAgent {
  id: string;
  number: string;
  name: string;
}

export interface ApiTokenMade extends records.ApiToken {
  secret: string;
}

export interface Locks {
  items: Lock[];
}

export interface Lock {
  address: string;
  failures: number;
  locked_ms: number;
}

export interface Health {
  status: string;
  switch: boolean;
  version: string;
  config: HealthConfig;
  events: HealthEvents;
  disk: HealthDisk;
  database: HealthDatabase;
}

export interface HealthConfig {
  revision: number;
  acked: number;
  fault: Fault | null;
}

export interface HealthEvents {
  stored: number;
  waiting: number;
}

export interface HealthDisk {
  journal: string | null;
  config: string | null;
  database: string | null;
  new_calls: boolean;
}

export interface HealthDatabase {
  kind: 'sqlite' | 'postgresql';
  error: string | null;
}

export interface Visitor {
  ws: string;
  realm: string;
  numbers: VisitorNumber[];
  authority: string | null;
}

export interface VisitorNumber {
  number: string;
  name: string;
}

export interface Demo {
  running: boolean;
  paused: boolean;
  speed: number;
  state: 'running' | 'paused' | 'stopped';
}

export interface Meta {
  resources: MetaResource[];
  rights: MetaRight[];
  currency: MetaCurrency;
}

export interface MetaRight {
  name: string;
  label: Label;
  area: string;
  resource: string;
  scopes: string[];
}

export interface MetaCurrency {
  code: string;
  digits: number;
}

export interface MetaResource {
  name: string;
  plural: string;
  label: Label;
  labels: Label;
  area: string;
  title: string;
  sort: string;
  columns: string[];
  rights: Record<string, boolean>;
  actions: MetaAction[];
  fields: MetaField[];
  own: boolean;
  single: boolean;
}

export interface MetaAction {
  name: string;
  label: Label;
}

export interface MetaField {
  name: string;
  type: string;
  label: Label;
  help?: Label;
  required: boolean;
  nullable: boolean;
  read_only: boolean;
  write_only: boolean;
  create_only: boolean;
  unique: boolean;
  sortable: boolean;
  filterable: boolean;
  range: boolean;
  computed?: boolean;
  custom?: boolean;
  search: boolean;
  format?: string;
  min?: number;
  max?: number;
  masked?: boolean;
  digits?: number;
  accept?: string;
  unit?: Label;
  scale?: number;
  section?: Label;
  when?: MetaWhen;
  default: unknown;
  choices?: MetaChoice[];
  ref?: string;
  fields?: MetaField[];
}

export interface MetaWhen {
  field: string;
  values: string[];
}

export interface MetaChoice {
  value: string;
  label: Label;
}

export interface Live {
  topic: 'snapshot';
  switch: boolean;
  agents: Record<string, LiveAgent>;
  queues: Record<string, LiveQueue>;
  calls: Record<string, LiveCall>;
}

export interface LiveAgent {
  state: 'offline' | 'ready' | 'not_ready' | 'ringing' | 'on_contact' | 'wrap_up';
  reason?: string;
  since: number;
  interaction?: string;
  phone: boolean;
  number: string;
  limit?: number;
}

export interface LiveQueue {
  waiting: number;
  offered: number;
  ready: number;
  busy: number;
  not_ready: number;
  expected_wait_ms: number;
  longest_since?: number;
}

export interface LiveCall {
  direction: 'inbound' | 'outbound' | 'internal';
  from: string;
  to: string;
  phase: 'flow' | 'queued' | 'ringing' | 'talking' | 'held' | 'consulting' | 'conference' | 'wrap_up';
  since: number;
  started: number;
  legs: LiveLeg[];
  name?: string;
  tier?: string;
  kind?: string;
  customer?: string;
  queue?: string;
  agent?: string;
  consult_queue?: string;
  consult_agent?: string;
  consult_ended?: string;
  consult_target?: string;
  number_hidden?: boolean;
}

export interface LiveLeg {
  id: string;
  role: string;
  state: 'new' | 'calling' | 'ringing' | 'up';
  address: string;
  muted: boolean;
  agent?: string;
}

export interface AgentMe {
  agent: AgentMeAgent;
  switch: boolean;
  state: LiveAgent | null;
  calls: AgentMeCall[];
  pop: Pop;
  phone: PhoneAccess;
}

export interface AgentMeAgent extends records.Agent {
  queues: AgentMeQueue[];
}

export interface AgentMeQueue {
  id: string;
  name: string;
  pop: boolean;
}

export interface AgentMeCall {
  id: string;
  value: LiveCall;
}

export interface Pop {
  always: boolean;
  how: 'panel' | 'window';
}

export interface PhoneAccess {
  uri: string;
  auth_user: string;
  secret: string;
  realm: string;
  ws: string;
}

export interface Commanded {
  n: number;
  interaction?: string;
}

export interface InteractionWhole extends records.Interaction {
  steps: Step[];
  legs: Leg[];
  recordings: InteractionRecording[];
}

export interface Step {
  n: number;
  at: string;
  offset_ms: number;
  kind: string;
  channel?: string;
  direction?: string;
  from?: string;
  to?: string;
  trunk?: string;
  did?: string;
  customer?: string;
  name?: string;
  tier?: string;
  language?: string;
  cause?: string;
  by?: string;
  leg?: string;
  other?: string;
  role?: string;
  address?: string;
  agent?: string;
  agent_name?: string;
  call_id?: string;
  codec?: string;
  rang_ms?: number;
  sip_status?: number;
  packets_in?: number;
  packets_lost?: number;
  flow?: string;
  flow_name?: string;
  version?: number;
  reason?: string;
  node?: string;
  type?: string;
  result?: string;
  key?: string;
  label?: string;
  item?: string;
  queue?: string;
  queue_name?: string;
  priority?: number;
  position?: number;
  consult?: boolean;
  waited_ms?: number;
  offer?: string;
  rule?: string;
  deadline_ms?: number;
  target?: string;
  recording?: string;
  file?: string;
  channels?: number;
  duration_ms?: number;
  bytes?: number;
  missing_ms?: number;
  state?: string;
  lasted_ms?: number;
}

export interface Leg {
  id: string;
  role: string;
  direction: string;
  address: string;
  agent: string | null;
  agent_name: string | null;
  started: string;
  answered: string | null;
  ended: string | null;
  codec: string | null;
  cause: string | null;
  sip_status: number;
  packets_in: number;
  packets_lost: number;
}

export interface InteractionRecording {
  id: string;
  started: string;
  duration_ms: number;
  state: string;
}

export interface Peaks {
  duration_ms: number;
  n: number;
  channels: number[][];
}

export interface Timeline {
  items: records.Interaction[];
  next: string | null;
  total: number | null;
  hidden?: number;
}

export interface History {
  items: records.Audit[];
  next: string | null;
  total: number | null;
}

export interface CustomerMade extends records.Customer {
  duplicates: Alike[];
}

export interface Alikes {
  items: Alike[];
}

export interface Alike {
  id: string;
  version: number;
  name: string;
  kind: string;
  tier: string;
  number: string | null;
  reasons: ('number' | 'identity' | 'mail' | 'name')[];
}

export interface FoundAll {
  items: Found[];
}

export interface Found {
  resource: string;
  id: string;
  path: string;
  title?: string;
  subtitle?: string;
}

export interface Uploaded {
  id: string;
  name: string;
  type: string;
  bytes: number;
}

export interface Relations {
  items: Relation[];
}

export interface Relation {
  resource: string;
  field: string;
  label: Label;
  total: number;
}

export interface Revealed {
  field: string;
  value: unknown;
}

export interface BulkDone {
  total: number;
  dry: boolean;
  counts: BulkCounts;
  items: BulkItem[];
  config_fault?: ConfigFault;
}

export interface BulkCounts {
  done: number;
  conflict: number;
  forbidden: number;
  refused: number;
}

export interface BulkItem {
  id: string;
  name?: string | null;
  outcome: 'conflict' | 'forbidden' | 'refused';
  field: string;
  code: string;
  message: string;
  uses?: Use[];
}

export interface ConfigFault {
  field: string;
  code: string;
  message: string;
}

export interface ImportMade extends records.Import {
  preview: ImportPreview;
}

export interface ImportPreview {
  format: 'csv' | 'xlsx';
  sheets: string[];
  encoding?: string;
  delimiter?: string;
  sheet: number;
  head: boolean;
  columns: ImportColumn[];
  rows: string[][];
  targets: ImportTarget[];
  keys: string[];
}

export interface ImportColumn {
  label: string;
  samples: string[];
  field: string | null;
}

export interface ImportTarget {
  name: string;
  label: Label;
  required: boolean;
  list: boolean;
}

export interface ImportRows {
  items: ImportRow[];
}

export interface ImportRow {
  n: number;
  outcome: string;
  record?: string;
  record_name: string | null;
  twin: number | null;
  cells: string[];
  errors: ImportError[];
  choice: string | null;
}

export interface ImportError {
  column: number;
  field: string;
  code: string;
  message: string;
  message_zh: string;
}

export interface SignInWith {
  username: string;
  password: string;
  code?: string;
  take_over?: boolean;
}

export interface PasswordChange {
  old_password: string;
  password: string;
}

export interface PasswordShown {
  password: string;
}

export interface CodeShown {
  code: string;
}

export interface StateWanted {
  state: 'ready' | 'not_ready';
  reason?: string | null;
}

export interface Dialled {
  to?: string;
  interaction?: string;
  customer?: string;
  number?: string;
}

export interface CallWanted {
  target?: CallTarget;
  keys?: string;
}

export interface CallTarget {
  kind: 'agent' | 'queue' | 'number';
  id?: string;
  number?: string;
}

export interface WrapUpOf {
  interaction?: string;
}

export interface MergeWith {
  other: string;
  other_version?: number;
  fields?: Record<string, 'this' | 'other'>;
}

export interface DemoPace {
  running?: boolean;
  paused?: boolean;
  speed?: number;
}

export interface ImportMapping {
  columns: (string | null)[];
  keys?: string[] | null;
  duplicates?: 'skip' | 'update' | 'create';
  sheet?: number;
  head?: boolean;
  encoding?: string;
  delimiter?: string;
  offset_min?: number;
  lang?: string;
}

export interface ImportChoice {
  choice: 'skip' | 'update' | 'create' | null;
}

export interface BulkWanted {
  ids?: (string | BulkRecord)[];
  query?: Record<string, (string | string[])> | null;
  patch?: Record<string, unknown>;
  add?: Record<string, unknown>;
  remove?: Record<string, unknown>;
  action?: string;
  dry?: boolean;
  lang?: string;
}

export interface BulkRecord {
  id: string;
  version?: number;
}

export interface ExportWanted {
  format: 'csv' | 'xlsx';
  query?: Record<string, (string | string[])> | null;
  fields?: string | string[] | null;
  lang?: string;
  offset_min?: number;
}

export interface ApiTokenWanted {
  name: string;
  expires?: string | null;
  rights: TokenRight[];
}

export interface TokenRight {
  right: string;
}
