import { Link } from 'react-router';
import { useEffect } from 'react';
import type { Interaction, Page } from '../api/shapes';
import { useLoad } from '../api/useLoad';
import { Icon } from '../components/Icon';
import { ResultName } from '../components/ResultName';
import { Since } from '../components/Since';
import { Tier } from '../components/Tier';
import { tWord, useT } from '../i18n';
import { dayOrClock } from '../i18n/format';
import { useDirectory } from '../store/directory';
import { onEvent } from '../store/live';
import { numberOf } from '../pages/interactions/columns';
import { useContactCall, useContactId, useContactSince, useMe, useMyLive } from './me';
import { MyQueues } from './MyQueues';
import { useParty } from './party';
import { useDetail } from './useDetail';

function Current({ id }: { id: string }) {
  const call = useContactCall();
  const detail = useDetail(id);
  const mine = useMyLive();
  const since = useContactSince();
  const queues = useDirectory('queues');
  const { who, outbound } = useParty(call, detail);
  const phase = mine?.state === 'wrap_up' ? 'wrap_up' : (call?.phase ?? '');
  const queue = call?.queue ? queues[call.queue]?.name : detail?.queue_name;
  return (
    <div className="ct ct-on">
      <span className="ct-sign">
        <Icon name={outbound ? 'outbound' : 'phone'} />
      </span>
      <div className="lx-grow">
        <div className="lx-row ct-top">
          <span className="lx-cut lx-strong">{who}</span>
          <Tier tier={call?.tier ?? detail?.tier} />
          <span className="lx-end lx-12 lx-accent lx-strong">
            <Since at={since} />
          </span>
        </div>
        <div className="ct-what lx-cut">{[queue, tWord('phase', phase)].filter(Boolean).join(' · ')}</div>
      </div>
    </div>
  );
}

function Recent({ agent }: { agent: string }) {
  const t = useT();
  const current = useContactId();
  const { value, again } = useLoad<Page<Interaction>>(`/interactions?agent=${agent}&sort=-started&limit=12`);
  useEffect(
    () =>
      onEvent((event) => {
        if (event.kind === 'interaction.ended' || event.kind === 'wrap_up.ended') again();
      }),
    [again],
  );
  const rows = (value?.items ?? []).filter((row) => row.id !== current);
  return (
    <>
      <h3 className="desk-group">{t('desk.recent')}</h3>
      {value && rows.length === 0 && <p className="desk-quiet">{t('desk.recent_none')}</p>}
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <Link to={`/interactions/${row.id}`} className="ct ct-past">
              <span className="ct-sign">
                <Icon name={row.direction === 'outbound' ? 'outbound' : 'inbound'} size={14} />
              </span>
              <div className="lx-grow">
                <div className="lx-row ct-top">
                  <span className="lx-cut">{row.customer_name ?? numberOf(row)}</span>
                  <Tier tier={row.tier} />
                  <span className="lx-end lx-12 lx-t3 lx-nowrap">{dayOrClock(row.started)}</span>
                </div>
                <div className="ct-what lx-cut"><ResultName row={row} otherwise={row.queue_name ?? tWord('direction', row.direction)} /></div>
              </div>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

export function ContactList() {
  const t = useT();
  const me = useMe();
  const id = useContactId();
  return (
    <section className="desk-pane desk-left" aria-label={t('desk.contacts')}>
      <div className="lx-card-head">
        <h2>{t('desk.contacts')}</h2>
        <span className="lx-count">{id ? 1 : 0}</span>
      </div>
      {id ? <Current key={id} id={id} /> : <p className="desk-quiet">{t('desk.no_contact')}</p>}
      <div className="desk-scroll">{me && <Recent agent={me.agent.id} />}</div>
      <MyQueues />
    </section>
  );
}
