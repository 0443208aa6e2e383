// What the server says and takes beside the records of types.ts: the routes, live topics and events of src/desk/README.md and src/wire/README.md.
import type { Label } from '../i18n';
import type { Interaction, Job } from './types';

export type { Interaction };

export type Id = string;
export type AgentState = 'offline' | 'ready' | 'not_ready' | 'ringing' | 'on_contact' | 'wrap_up';
export type Phase = 'flow' | 'queued' | 'ringing' | 'talking' | 'held' | 'consulting' | 'conference' | 'wrap_up';
export type Direction = 'inbound' | 'outbound' | 'internal';

export interface User {
  id: Id;
  name: string;
  full_name: string;
  roles: string[];
  language: string;
}

export interface Session {
  id?: Id; // of this sign-in
  token?: string;
  expires: string;
  user: User;
  agent: { id: Id; number: string; name: string } | null;
  rights: string[];
  password_due?: boolean;
}

export interface AgentLive {
  state: AgentState;
  reason: string | null;
  since: number;
  interaction: Id | null;
  phone: boolean;
  number?: string;
  limit?: number;
}

export interface QueueLive {
  waiting: number;
  longest_since: number | null;
  offered?: number;
  ready: number;
  busy: number;
  not_ready: number;
  expected_wait_ms: number | null;
}

export interface CallLive {
  direction: Direction;
  from: string;
  to: string;
  name?: string | null;
  tier?: string | null;
  customer?: Id | null;
  phase: Phase;
  since: number;
  started: number;
  queue?: Id | null;
  agent?: Id | null;
  consult_agent?: Id | null;
  consult_queue?: Id | null;
  consult_ended?: string | null;
  consult_target?: string | null;
  legs?: LiveLeg[];
}

export interface LiveLeg {
  id: Id;
  role: string;
  state: 'new' | 'calling' | 'ringing' | 'up';
  address: string;
  muted: boolean;
  agent?: Id;
}

export interface PhoneAccess {
  uri: string;
  auth_user: string;
  secret: string;
  realm: string;
  ws: string;
}

export interface AgentMe {
  agent: {
    id: Id;
    number: string;
    name: string;
    extension: string;
    auto_answer: boolean;
    device: 'browser' | 'phone';
    skills: { skill: Id; skill_name: string; level: number }[];
    queues: { id: Id; name: string; pop?: boolean }[];
  };
  switch: boolean;
  state: AgentLive | null;
  calls: { id: Id; value: CallLive }[];
  pop?: { always: boolean; how: 'panel' | 'window' };
  phone: PhoneAccess | null;
}

// A raw event of the journal with its place on the contact's own clock.
export interface Step {
  n: number;
  at: string;
  offset_ms: number;
  kind: string;
  agent?: Id | null;
  agent_name?: string | null;
  queue?: Id | null;
  queue_name?: string | null;
  leg?: Id;
  other?: Id;
  role?: string;
  direction?: string;
  node?: string;
  type?: string;
  result?: string | null;
  key?: string | null;
  label?: string | null;
  reason?: string;
  rule?: string;
  cause?: string;
  position?: number;
  waited_ms?: number;
  rang_ms?: number;
  deadline_ms?: number;
  duration_ms?: number;
  lasted_ms?: number;
  state?: string;
  flow?: Id;
  flow_name?: string;
  target?: string;
  consult?: boolean;
  by?: string;
  from?: string;
  to?: string;
  name?: string | null;
  codec?: string;
  address?: string;
}

export interface Leg {
  id: Id;
  role: string;
  direction: string;
  address: string;
  agent: Id | null;
  agent_name: string | null;
  started: string;
  answered: string | null;
  ended: string | null;
  codec: string | null;
  cause: string | null;
}

export interface InteractionDetail extends Interaction {
  steps: Step[];
  legs: Leg[];
  recordings: { id: Id; started: string; duration_ms: number; state: string }[];
}

export interface Peaks {
  duration_ms: number;
  n: number;
  channels: number[][];
}

export type Target = { kind: 'agent' | 'queue'; id: Id } | { kind: 'number'; number: string };

export type CallAction =
  | 'answer'
  | 'refuse'
  | 'hangup'
  | 'hold'
  | 'retrieve'
  | 'mute'
  | 'unmute'
  | 'keys'
  | 'transfer'
  | 'consult'
  | 'consult_cancel'
  | 'transfer_complete'
  | 'conference'
  | 'split';

export interface Page<T> {
  items: T[];
  next: string | null;
  total: number | null;
}

export interface Snapshot {
  switch: boolean;
  agents: Record<Id, AgentLive>;
  queues: Record<Id, QueueLive>;
  calls: Record<Id, CallLive>;
}

export interface WireEvent {
  n: number;
  at: number;
  kind: string;
  interaction?: Id;
  agent?: Id;
  queue?: Id;
  [field: string]: unknown;
}

// How a job goes on, told to its owner.
export type JobLive = Pick<Job, 'kind' | 'resource' | 'label' | 'state' | 'done' | 'total' | 'counts' | 'message'>;

export type LiveMessage =
  | ({ topic: 'snapshot' } & Snapshot)
  | { topic: 'agent'; id: Id; value: AgentLive | null }
  | { topic: 'queue'; id: Id; value: QueueLive | null }
  | { topic: 'call'; id: Id; value: CallLive | null }
  | { topic: 'switch'; value: boolean }
  | { topic: 'job'; id: Id; value: JobLive }
  | { topic: 'changed'; resource: string; id: Id }
  | { topic: 'meta' }
  | { event: WireEvent };

export interface Visitor {
  ws: string;
  realm: string;
  numbers: { number: string; name: string }[];
  authority: string | null; // where the local authority's certificate can be had
}

export interface FieldMeta {
  name: string;
  type: string;
  label?: Label;
  help?: Label | null;
  section?: Label | null; // the part of a long form
  unit?: Label | null;
  scale?: number; // of what is stored are one of the unit
  masked?: boolean;
  custom?: boolean;
  when?: { field: string; values: string[] }; // goes only with these values of another field
  required?: boolean;
  nullable?: boolean;
  read_only?: boolean;
  write_only?: boolean;
  create_only?: boolean;
  unique?: boolean;
  sortable?: boolean;
  filterable?: boolean;
  range?: boolean;
  search?: boolean;
  format?: 'word' | 'name' | 'digits' | 'networks' | 'host_port' | 'ascii' | 'path' | 'url';
  digits?: number;
  accept?: string;
  min?: number | null;
  max?: number | null;
  default?: unknown;
  ref?: string;
  choices?: { value: string; label: Label }[];
  fields?: FieldMeta[];
}

// A transition of a state: the record says in its `actions` which may be done now.
export interface ActionMeta {
  name: string;
  label: Label;
}

export interface ResourceMeta {
  name: string;
  plural: string;
  label: Label;
  labels: Label;
  help?: Label | null;
  area: string;
  title: string;
  sort: string;
  columns: string[];
  single?: boolean; // there is one record: a form, not a list
  rights: Record<string, boolean>;
  actions?: ActionMeta[];
  fields: FieldMeta[];
}

// What became of many records that were changed alike: those that are not done are told one by one.
export interface BulkItem {
  id: Id;
  name?: string;
  outcome: 'conflict' | 'forbidden' | 'refused';
  field: string;
  code: string;
  message: string;
  uses?: { resource: string; id?: Id; name?: string }[];
}

export interface BulkAnswer {
  total: number;
  dry: boolean;
  counts: { done: number; conflict: number; forbidden: number; refused: number };
  items: BulkItem[];
}

// Where other records refer to one, and how many of them the reader sees.
export interface Relation {
  resource: string;
  field: string; // a filter of their list
  label: Label;
  total: number;
}

export interface Uploaded {
  id: Id;
  name: string;
  type: string;
  bytes: number;
}

export interface Currency {
  code: string;
  digits: number;
}

// What a role can grant: the word, and the scopes of rows that it can be granted with.
export interface RightMeta {
  name: string;
  label: Label;
  area: string;
  resource: string;
  scopes: string[];
}

export interface Meta {
  rights: RightMeta[];
  currency?: Currency;
  resources: ResourceMeta[];
}

export type Row = Record<string, unknown> & { id: Id };
