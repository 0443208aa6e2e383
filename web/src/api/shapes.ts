// What the server says and takes beside the records of types.ts: the routes, live topics and events of src/desk/README.md and src/wire/README.md.
import type { Label } from '../i18n';
import type { BulkDone, Leg, LiveLeg, MetaCurrency, MetaRight, PhoneAccess, Step } from './answers';
import type { Interaction, Job } from './types';

export type { Interaction, Leg, LiveLeg, PhoneAccess, Step };
export type { BulkItem, Peaks, Relation, Uploaded, Visitor } from './answers';
export type BulkAnswer = BulkDone;
export type Currency = MetaCurrency;
export type RightMeta = MetaRight;

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
  factor_due?: boolean;
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

export interface InteractionDetail extends Interaction {
  steps: Step[];
  legs: Leg[];
  recordings: { id: Id; started: string; duration_ms: number; state: string }[];
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

export interface Meta {
  rights: RightMeta[];
  currency?: Currency;
  resources: ResourceMeta[];
}

export type Row = Record<string, unknown> & { id: Id };
