// The right end of the bar says whether the server is there: signal and round trip, or in words that it is not.
import { Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import { base } from '../api/client';
import { Icon } from '../components/Icon';
import { ThresholdShape } from '../components/Threshold';
import { useT } from '../i18n';
import { useLink, type Link } from '../store/live';
import { serverNow, setServerTime } from '../store/now';

const every_ms = 20_000;

const tolerated_ms = 2000;

// The server's clock rules every running time; its header knows whole seconds only, so small differences are left alone.
function followClock(date: string | null): void {
  const at = date === null ? NaN : Date.parse(date) + 500;
  if (Math.abs(at - serverNow()) > tolerated_ms) setServerTime(at);
}

async function roundTrip(): Promise<number | null> {
  const start = performance.now();
  try {
    const response = await fetch(`${base}/health`, { cache: 'no-store' });
    followClock(response.headers.get('Date'));
    return Math.round(performance.now() - start);
  } catch {
    return null;
  }
}

function useRoundTrip(state: Link['state']): number | null {
  const [ms, setMs] = useState<number | null>(null);
  useEffect(() => {
    if (state !== 'up') return;
    const measure = () => void roundTrip().then(setMs);
    measure();
    const timer = setInterval(measure, every_ms);
    return () => clearInterval(timer);
  }, [state]);
  return ms;
}

export function LinkSign() {
  const t = useT();
  const { state } = useLink();
  const ms = useRoundTrip(state);
  if (state === 'lost') {
    return (
      <span className="lx-near lx-12 lx-nowrap" role="status">
        <ThresholdShape level="near" /> {t('shell.lost_short')}
      </span>
    );
  }
  if (state !== 'up') return <span className="lx-t3 lx-12 lx-nowrap">{t('shell.connecting')}</span>;
  return (
    <Tooltip title={ms === null ? t('shell.online') : t('shell.online_ms', { ms })}>
      <span className="link-sign lx-12 lx-nowrap">
        <Icon name="signal" size={14} />
        {ms === null ? '' : t('shell.ms', { ms })}
      </span>
    </Tooltip>
  );
}
