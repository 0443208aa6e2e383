import { ThresholdShape } from '../../components/Threshold';
import { useT } from '../../i18n';
import { useLink, useLive } from '../../store/live';
import { Agents } from './Agents';
import { DemoLife } from './DemoLife';
import './floor.css';
import { LiveCalls } from './LiveCalls';
import { Queues } from './Queues';
import { Strip } from './Strip';
import { Waiters } from './Waiters';

export function FloorPage() {
  const t = useT();
  const link = useLink();
  const away = useLive((l) => l.known && !l.switchUp);
  return (
    <div className="floor">
      <h1 className="lx-sr">{t('floor.title')}</h1>
      <div className={`floor-main ${link.state === 'lost' ? 'lx-old' : ''}`}>
        {away && (
          <div className="lx-card lx-notice lx-notice-near" role="alert">
            <ThresholdShape level="near" />
            <div>
              <div>{t('floor.switch_away')}</div>
              <p>{t('floor.switch_away_what')}</p>
            </div>
          </div>
        )}
        <Strip />
        <Queues />
        <Agents />
      </div>
      <aside className="floor-side">
        <DemoLife />
        <Waiters />
        <LiveCalls />
      </aside>
    </div>
  );
}
