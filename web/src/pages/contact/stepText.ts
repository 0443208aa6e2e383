// One event of the journal in a sentence. What the event does not carry stays out of the sentence.
import type { Step } from '../../api/shapes';
import { t, tWord, words, type Key, type Params } from '../../i18n';
import { span } from '../../i18n/format';
import { callerText } from '../../i18n/number';

// Why something ended is said in the words of queues and offers, or in those of calls.
function reasonOf(reason: string): string {
  const word = tWord('reason', reason);
  return word === reason ? tWord('cause', reason) : word;
}

const plain = ['to', 'name', 'codec', 'flow_name', 'node', 'position', 'target'] as const;
const named = { cause: 'cause', role: 'leg', type: 'node', state: 'state', rule: 'rule' } as const;

const spanOf = (step: Step) => span(step.waited_ms ?? step.rang_ms ?? step.duration_ms ?? step.lasted_ms);

function valuesOf(step: Step): Params {
  const values: Params = {
    agent: step.agent_name ?? step.agent ?? '',
    queue: step.queue_name ?? step.queue ?? '',
    key: step.key ? t('step.flow.key', { key: step.key }) + (step.label ? t('step.flow.to', { label: step.label }) : '') : '',
    span: spanOf(step),
    reason: reasonOf(step.reason ?? ''),
  };
  for (const field of plain) values[field] = step[field] ?? '';
  Object.assign(values, { from: callerText(step.from ?? ''), address: callerText(step.address ?? '') });
  for (const [field, group] of Object.entries(named)) {
    const word = step[field as keyof typeof named];
    values[field] = word ? tWord(group, word) : '';
  }
  return values;
}

// Legs are named once, when they start; later events name them by id alone.
export function withRoles(steps: Step[]): Step[] {
  const roles = new Map<string, string>();
  return steps.map((step) => {
    if (!step.leg) return step;
    if (step.role) roles.set(step.leg, step.role);
    return step.role ? step : { ...step, role: roles.get(step.leg) ?? '' };
  });
}

// Who calls us arrives; who we call is called.
function keyOf(step: Step): string {
  if (step.kind === 'leg.started' && step.direction === 'inbound') return 'step.leg.arrived';
  if (step.consult && step.kind.startsWith('queue.')) return `step.consult.${step.kind}`;
  return `step.${step.kind}`;
}

export function stepText(step: Step): string {
  const key = keyOf(step);
  return key in words ? t(key as Key, valuesOf(step)) : step.kind;
}
