import { Link } from 'react-router';
import { Since } from '../../components/Since';
import { Tier } from '../../components/Tier';
import { tWord, useT } from '../../i18n';
import { partyOf } from '../../desk/party';
import { useDirectory } from '../../store/directory';
import { useLive } from '../../store/live';

// Every call that is not waiting in a queue: in the menu, ringing, talking, held.
export function LiveCalls() {
  const t = useT();
  const agents = useDirectory('agents');
  const calls = useLive((l) => l.calls);
  const shown = Object.entries(calls)
    .filter(([, call]) => call.phase !== 'queued' && call.phase !== 'wrap_up')
    .sort(([, a], [, b]) => b.started - a.started);
  return (
    <section className="floor-side-part">
      <div className="lx-card-head">
        <h2>{t('floor.live')}</h2>
        <span className="lx-count">{shown.length}</span>
      </div>
      {shown.length === 0 && <p className="floor-quiet">{t('floor.live_none')}</p>}
      <ul>
        {shown.map(([id, call]) => (
          <li key={id}>
            <Link to={`/interactions/${id}`} className="floor-call">
              <span className="lx-row">
                <span className="lx-cut">{partyOf([call]).who}</span>
                <Tier tier={call.tier} />
              </span>
              <span className="lx-t2 lx-cut">
                {tWord('phase', call.phase)}
                {call.agent ? ` · ${agents[call.agent]?.name ?? ''}` : ''}
              </span>
              <Since at={call.since} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
