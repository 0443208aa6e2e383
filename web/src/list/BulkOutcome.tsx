// How far it is and what came of it; before it is done, what would not pass, and whether to go on with the rest.
import { Button, Modal, Progress } from 'antd';
import type { BulkItem, FieldMeta, ResourceMeta } from '../api/shapes';
import { base } from '../api/client';
import { ThresholdShape } from '../components/Threshold';
import { errorText } from '../fields/check';
import { labelOf, tWord, useT, type Key } from '../i18n';
import { figure } from '../i18n/format';
import { passed, stopped, type Outcome } from './bulk';

export type Step = 'trial' | 'preview' | 'running' | 'over';

interface Props {
  resource: ResourceMeta;
  step: Step;
  outcome: Outcome;
  onGo: () => void;
  onStop: () => void;
  onClose: () => void;
}

const reasons: Record<string, Key> = { in_use: 'bulk.in_use', conflict: 'bulk.conflict', forbidden: 'bulk.forbidden', scope: 'bulk.forbidden', state: 'bulk.state', not_found: 'bulk.not_found' };

function why(t: ReturnType<typeof useT>, resource: ResourceMeta, item: BulkItem): string {
  const field: FieldMeta = resource.fields.find((each) => each.name === item.field.split(/[.[]/)[0]) ?? { name: item.field, type: 'string' };
  const reason = reasons[item.code];
  const use = item.uses?.[0]?.name;
  if (reason && !(item.code === 'not_found' && item.field)) return use ? `${t(reason)} · ${use}` : t(reason);
  const label = labelOf(field.label);
  return `${label ? `${label} · ` : ''}${errorText(item, field)}`;
}

function Refused({ resource, items }: { resource: ResourceMeta; items: BulkItem[] }) {
  const t = useT();
  return (
    <ul className="bulk-refused">
      {items.map((item) => (
        <li key={item.id} data-refused={item.outcome}>
          <span className="lx-over">
            <ThresholdShape level="over" />
          </span>{' '}
          {item.name ?? item.id} <span className="lx-t2">{why(t, resource, item)}</span>
        </li>
      ))}
    </ul>
  );
}

const titles: Record<Step, Key> = { trial: 'bulk.trial', preview: 'bulk.preview', running: 'bulk.running', over: 'bulk.over' };

function Foot({ step, outcome, onGo, onStop, onClose }: Props) {
  const t = useT();
  if (step === 'over') {
    return (
      <>
        {outcome.job && outcome.job.file_size !== null && (
          <Button data-act="bulk-file" href={`${base}/jobs/${outcome.job.id}/result`} download>
            {t('bulk.file')}
          </Button>
        )}
        <Button type="primary" data-act="bulk-close" onClick={onClose}>
          {t('admin.close')}
        </Button>
      </>
    );
  }
  if (step === 'preview') {
    return (
      <>
        <Button autoFocus data-act="bulk-leave" onClick={onClose}>
          {t('admin.cancel')}
        </Button>
        <Button type="primary" data-act="bulk-go" disabled={passed(outcome) === 0} onClick={onGo}>
          {t('bulk.go', { n: figure(passed(outcome)) })}
        </Button>
      </>
    );
  }
  return (
    <>
      {step === 'running' && (
        <Button data-act="bulk-behind" onClick={onClose}>
          {t('bulk.behind')}
        </Button>
      )}
      <Button data-act="bulk-stop" disabled={outcome.job === null} onClick={onStop}>
        {t('bulk.stop')}
      </Button>
    </>
  );
}

export function BulkOutcome(props: Props) {
  const { resource, step, outcome, onClose } = props;
  const t = useT();
  const settled = passed(outcome) + stopped(outcome);
  const { counts, total } = outcome;
  const words = (['conflict', 'forbidden', 'refused'] as const).filter((name) => counts[name] > 0).map((name) => `${tWord('count', name)} ${figure(counts[name])}`);
  return (
    <Modal open closable={step !== 'trial'} title={t(titles[step])} footer={<Foot {...props} />} onCancel={onClose}>
      {step !== 'preview' && <Progress percent={step === 'over' ? 100 : total === 0 ? 0 : Math.floor((settled * 100) / total)} showInfo={false} strokeColor="var(--lx-accent)" aria-label={t(titles[step])} />}
      <p role="status" data-bulk={step}>
        {[t(step === 'preview' || step === 'trial' ? 'bulk.would' : 'bulk.done', { done: figure(passed(outcome)), total: figure(total) }), ...words].join(' · ')}
      </p>
      <Refused resource={resource} items={outcome.items} />
    </Modal>
  );
}
