import { ThresholdShape } from '../components/Threshold';
import { useT } from '../i18n';
import { clock } from '../i18n/format';
import { useLink } from '../store/live';
import { useNow } from '../store/now';

function Lost({ since, attempts }: { since: number; attempts: number }) {
  const t = useT();
  const now = useNow();
  return (
    <div className="lx-notice lx-notice-near" role="alert">
      <ThresholdShape level="near" />
      <div>
        <div>{t('shell.lost', { time: clock(now - since), n: attempts })}</div>
        <p>{t('shell.lost_what')}</p>
      </div>
    </div>
  );
}

// What still works while the server is away, and how long it has been.
export function NetworkLost() {
  const link = useLink();
  return link.state === 'lost' ? <Lost since={link.since} attempts={link.attempts} /> : null;
}
