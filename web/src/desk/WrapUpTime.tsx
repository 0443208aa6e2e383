import { Threshold } from '../components/Threshold';
import { useT } from '../i18n';
import { clock } from '../i18n/format';
import { useNow } from '../store/now';
import { useMyLive } from './me';

// The time left for the work after the call, as a bar that shrinks; the switch says when it ends.
export function WrapUpTime() {
  const t = useT();
  const now = useNow();
  const mine = useMyLive();
  if (!mine?.limit) return null;
  const left = mine.limit - now;
  const whole = Math.max(1, mine.limit - mine.since);
  return (
    <span className="lx-end lx-row wrap-time">
      <span className="shrink">
        <i style={{ width: `${Math.max(0, Math.min(100, (left / whole) * 100))}%` }} />
      </span>
      <span className="lx-12 lx-t2 lx-nowrap" role="timer">
        {left >= 0 ? t('wrap.left', { time: clock(left) }) : <Threshold level="over">{t('wrap.over', { time: clock(-left) })}</Threshold>}
      </span>
    </span>
  );
}
