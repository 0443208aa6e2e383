// A call that rings: who, why here, how long yet. One key answers.
import { Button } from 'antd';
import { Icon } from '../components/Icon';
import { Kbd } from '../components/Kbd';
import { StateShape } from '../components/StateShape';
import { ThresholdShape } from '../components/Threshold';
import { Tier } from '../components/Tier';
import { useT } from '../i18n';
import { clock } from '../i18n/format';
import { useDirectory } from '../store/directory';
import { useNow } from '../store/now';
import { useContactCall, useMe, useMyLive } from './me';
import { LastTime } from './LastTime';
import { Notices } from './Notices';
import { useParty } from './party';
import { Path, Queued } from './Path';
import type { CallActions } from './useCallActions';
import { useDetail } from './useDetail';

function RingTime() {
  const t = useT();
  const mine = useMyLive();
  const now = useNow();
  if (!mine) return null;
  const rang = Math.max(0, now - mine.since);
  const limit = mine.limit ? mine.limit - mine.since : null;
  const share = limit ? Math.max(0, 100 - (rang / limit) * 100) : null;
  return (
    <>
      <span className="lx-end lx-t2">
        {t('ring.for')} {clock(rang)} {limit ? t('ring.of', { s: Math.round(limit / 1000) }) : ''}
      </span>
      {share !== null && (
        <span className="shrink ring-shrink">
          <i style={{ width: `${share}%` }} />
        </span>
      )}
    </>
  );
}

export function RingingCard({ id, acts }: { id: string; acts: CallActions }) {
  const t = useT();
  const call = useContactCall();
  const detail = useDetail(id);
  const me = useMe();
  const agents = useDirectory('agents');
  const asker = call?.agent && call.consult_agent === me?.agent.id ? agents[call.agent]?.name : undefined;
  const { who, number, outbound } = useParty(call, detail);
  return (
    <div className="lx-card ring" role="alertdialog" aria-label={t('ring.notice', { who })}>
      <div className="lx-row ring-head">
        <span className="ring-sign">
          <StateShape state="ringing" />
        </span>
        <h2 className="lx-16">{t(outbound ? 'ring.outgoing' : 'ring.incoming', { who })}</h2>
        <Tier tier={call?.tier} />
        <RingTime />
      </div>
      {asker && (
        <p className="talk-notice" role="status">
          <ThresholdShape level="near" /> {t('talk.consulted', { who: asker })}
        </p>
      )}
      <Notices acts={acts} />
      <dl className="facts">
        {who !== number && (
          <>
            <dt>{t('talk.number')}</dt>
            <dd>{number}</dd>
          </>
        )}
        {detail?.direction === 'inbound' && (
          <>
            <dt>{t('ring.queue')}</dt>
            <dd>
              <Queued detail={detail} />
            </dd>
            <dt>{t('ring.why')}</dt>
            <dd>
              <Path detail={detail} />
            </dd>
          </>
        )}
        <dt>{t('ring.last')}</dt>
        <dd>
          <LastTime customer={call?.customer ?? null} current={id} />
        </dd>
      </dl>
      <div className="lx-row ring-acts">
        <Button type="primary" size="large" className="lx-grow" data-act="answer" icon={<Icon name="phone" />} onClick={acts.answer} disabled={!acts.answer}>
          {t('phone.answer')} <Kbd>Enter</Kbd> <Kbd>A</Kbd>
        </Button>
        <Button size="large" data-act="refuse" onClick={acts.refuse} disabled={!acts.refuse}>
          {t('phone.refuse')} <Kbd>X</Kbd>
        </Button>
      </div>
    </div>
  );
}
