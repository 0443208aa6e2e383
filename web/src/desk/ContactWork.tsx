import { Icon } from '../components/Icon';
import { StateShape } from '../components/StateShape';
import { useT } from '../i18n';
import { span } from '../i18n/format';
import type { InteractionDetail } from '../api/shapes';
import { useContactCall, useMyLive } from './me';
import { Notices } from './Notices';
import { useParty } from './party';
import { NoteBox } from './NoteBox';
import { Path, Queued } from './Path';
import { ResultPicker } from './ResultPicker';
import type { CallActions } from './useCallActions';
import { useDetail } from './useDetail';

function Progress({ rang_ms, wrapUp }: { rang_ms: number | null; wrapUp: boolean }) {
  const t = useT();
  return (
    <ol className="progress" aria-label={t('talk.steps')}>
      {rang_ms !== null && rang_ms > 0 && (
        <li>
          <Icon name="check" size={14} />
          {t('talk.rang', { span: span(rang_ms) })}
        </li>
      )}
      <li className={wrapUp ? '' : 'progress-on'}>
        {wrapUp ? <Icon name="check" size={14} /> : <StateShape state="on_contact" />}
        {t('talk.talk')}
      </li>
      <li className={wrapUp ? 'progress-on' : ''}>
        <StateShape state="wrap_up" />
        {t('talk.wrap_up')}
      </li>
    </ol>
  );
}

function Why({ detail }: { detail: InteractionDetail }) {
  const t = useT();
  const { number } = useParty(detail);
  return (
    <dl className="lx-card facts why">
      {detail.direction === 'inbound' && (
        <>
          <dt>{t('talk.path')}</dt>
          <dd>
            <Path detail={detail} />
          </dd>
          <dt>{t('talk.queue')}</dt>
          <dd>
            <Queued detail={detail} />
          </dd>
        </>
      )}
      <dt>{t('talk.number')}</dt>
      <dd>{number}</dd>
    </dl>
  );
}

export function ContactWork({ id, acts }: { id: string; acts: CallActions }) {
  const t = useT();
  const detail = useDetail(id);
  const call = useContactCall();
  const wrapUp = useMyLive()?.state === 'wrap_up';
  const { who, outbound } = useParty(call, detail);
  return (
    <div className="work">
      <div className="lx-row work-head">
        <h2 className="lx-16 lx-cut">{t(outbound ? 'talk.outgoing' : 'talk.incoming', { who })}</h2>
        <Progress rang_ms={detail?.ring_ms ?? null} wrapUp={wrapUp} />
      </div>
      <Notices acts={acts} />
      {detail && <Why detail={detail} />}
      <NoteBox id={id} detail={detail} />
      <ResultPicker id={id} detail={detail} wrapUp={wrapUp} finish={acts.finish} />
    </div>
  );
}
