import type { InteractionDetail } from '../api/shapes';
import { Icon } from '../components/Icon';
import { levelOf, ThresholdShape } from '../components/Threshold';
import { tWord, useT } from '../i18n';
import { clock, span } from '../i18n/format';
import { useDirectory } from '../store/directory';

// The way a caller came: the number called, then each key he pressed.
export function Path({ detail }: { detail: InteractionDetail }) {
  const keys = detail.steps.filter((step) => step.kind === 'flow.step' && step.key);
  const parts = [detail.to, ...keys.map((step) => `${step.key} ${step.label ?? step.node ?? tWord('node', step.type ?? '')}`)];
  return (
    <>
      {parts.map((part, i) => (
        <span key={`${i}${part}`} className="path-part">
          {i > 0 && <Icon name="right" size={12} />}
          {part}
        </span>
      ))}
    </>
  );
}

export function Queued({ detail }: { detail: InteractionDetail }) {
  const t = useT();
  const queues = useDirectory('queues');
  if (!detail.queue) return <span className="lx-t3">{t('talk.no_queue')}</span>;
  const target = queues[detail.queue]?.service_level_ms ?? null;
  const level = levelOf(detail.wait_ms, target);
  return (
    <>
      <span>{detail.queue_name}</span>
      {detail.wait_ms !== null && <span className="lx-t2">{t('talk.waited', { time: clock(detail.wait_ms) })}</span>}
      {level !== 'none' && target !== null && (
        <span className={`lx-12 lx-nowrap lx-${level}`}>
          <ThresholdShape level={level} /> {t(level === 'over' ? 'talk.beyond' : 'talk.within', { span: span(target) })}
        </span>
      )}
    </>
  );
}
