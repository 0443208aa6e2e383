import { Button, Tag } from 'antd';
import type { ReactNode } from 'react';
import { base } from '../../api/client';
import type { InteractionDetail } from '../../api/shapes';
import { Icon } from '../../components/Icon';
import { ResultName } from '../../components/ResultName';
import { levelOf, ThresholdShape } from '../../components/Threshold';
import { Tier } from '../../components/Tier';
import { tWord, useT } from '../../i18n';
import { longMoment, span } from '../../i18n/format';
import { callerText } from '../../i18n/number';
import { useDirectory } from '../../store/directory';
import { numberOf, outcomeOf } from '../interactions/columns';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Waited({ detail }: { detail: InteractionDetail }) {
  const t = useT();
  const queues = useDirectory('queues');
  const target = detail.queue ? (queues[detail.queue]?.service_level_ms ?? null) : null;
  if (detail.wait_ms === null) return <>—</>;
  const level = levelOf(detail.wait_ms, target);
  return (
    <span>
      {span(detail.wait_ms)}{' '}
      {target !== null && (
        <span className={`lx-12 lx-${level}`}>
          <ThresholdShape level={level} /> {t('floor.target', { span: span(target) })}
        </span>
      )}
    </span>
  );
}

export function Head({ detail }: { detail: InteractionDetail }) {
  const t = useT();
  const total = detail.ended ? Date.parse(detail.ended) - Date.parse(detail.started) : null;
  const recording = detail.recordings[0];
  return (
    <>
      <div className="lx-row contact-head">
        <span className="lx-accent">
          <Icon name={detail.direction === 'outbound' ? 'outbound' : 'inbound'} size={18} />
        </span>
        <h1 className="lx-20 lx-cut">
          {detail.customer_name ?? numberOf(detail)}
          {detail.agent_name ? ` → ${detail.agent_name}` : ''}
        </h1>
        <Tier tier={detail.tier} />
        <Tag variant="filled">{tWord('outcome', outcomeOf(detail))}</Tag>
        {detail.result && (
          <Tag variant="filled">
            <ResultName row={detail} />
          </Tag>
        )}
        {recording && detail.state !== 'open' && (
          <Button className="lx-end" icon={<Icon name="download" />} href={`${base}/recordings/${recording.id}/audio?download=1`}>
            {t('contact.download')}
          </Button>
        )}
      </div>
      <dl className="contact-facts">
        <Fact name={t('calls.started')}>{longMoment(detail.started)}</Fact>
        <Fact name={t('contact.total')}>{span(total)}</Fact>
        <Fact name={t('calls.talk')}>{span(detail.talk_ms)}</Fact>
        <Fact name={t('calls.wait')}>
          <Waited detail={detail} />
        </Fact>
        <Fact name={t('contact.caller')}>{callerText(detail.from)}</Fact>
        <Fact name={t('contact.called')}>{detail.to}</Fact>
        <Fact name={t('calls.queue')}>{detail.queue_name ?? '—'}</Fact>
        <Fact name={t('contact.cause')}>{detail.cause ? tWord('cause', detail.cause) : '—'}</Fact>
      </dl>
    </>
  );
}
