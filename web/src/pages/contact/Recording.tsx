// Lanes, wave and the player's controls: one card.
import { Button, Segmented } from 'antd';
import { useMemo } from 'react';
import { useKeys } from '../../actions/useKeys';
import type { InteractionDetail, Peaks } from '../../api/shapes';
import { useLoad } from '../../api/useLoad';
import { Icon } from '../../components/Icon';
import { Kbd } from '../../components/Kbd';
import { useT } from '../../i18n';
import { axisTime } from '../../i18n/format';
import { serverNow } from '../../store/now';
import { LaneChart } from './LaneChart';
import { lanesOf } from './lanes';
import { usePlayer, type Channels, type Player } from './usePlayer';

const speeds = [0.75, 1, 1.25, 1.5, 2];
const jump_ms = 10_000;

function Controls({ player, duration_ms }: { player: Player; duration_ms: number }) {
  const t = useT();
  const back = () => player.seek(player.at_ms - jump_ms);
  const ahead = () => player.seek(player.at_ms + jump_ms);
  useKeys({ ' ': player.toggle, ArrowLeft: back, ArrowRight: ahead });
  return (
    <div className="rec-controls">
      <Button
        type="primary"
        shape="circle"
        aria-label={player.playing ? t('contact.pause') : t('contact.play')}
        icon={<Icon name={player.playing ? 'pause' : 'play'} />}
        onClick={player.toggle}
      />
      <Button type="text" aria-label={t('contact.back10')} icon={<Icon name="back10" />} onClick={back}>
        <Kbd>←</Kbd>
      </Button>
      <Button type="text" aria-label={t('contact.ahead10')} icon={<Icon name="ahead10" />} onClick={ahead}>
        <Kbd>→</Kbd>
      </Button>
      <span className="lx-nowrap rec-time">
        <b>{axisTime(player.at_ms)}</b> <span className="lx-t3">/ {axisTime(duration_ms)}</span>
      </span>
      <Segmented
        size="small"
        aria-label={t('contact.speed')}
        value={player.speed}
        onChange={player.setSpeed}
        options={speeds.map((value) => ({ value, label: t('contact.times', { n: value }) }))}
      />
      <Segmented<Channels>
        size="small"
        aria-label={t('contact.channels')}
        value={player.channels}
        onChange={player.setChannels}
        options={[
          { value: 'both', label: t('contact.both') },
          { value: 'caller', label: t('contact.only_caller') },
          { value: 'agent', label: t('contact.only_agent') },
        ]}
      />
      <span className="lx-end lx-12 lx-t3 rec-hint">
        {t('contact.click')} · {t('contact.play')} <Kbd>{t('contact.space')}</Kbd>
      </span>
    </div>
  );
}

export function Recording({ detail }: { detail: InteractionDetail }) {
  const t = useT();
  const lanes = useMemo(() => lanesOf(detail, serverNow()), [detail]);
  const rec = detail.recordings[0];
  const heard = rec && detail.state !== 'open' ? rec : null;
  const player = usePlayer(heard?.id ?? null);
  const peaks = useLoad<Peaks>(heard ? `/recordings/${heard.id}/peaks?n=800` : null);
  const drawn = useMemo(() => (heard ? lanes : { ...lanes, recording: null }), [lanes, heard]);
  const from = drawn.recording?.from ?? 0;
  return (
    <section className="lx-card rec">
      <LaneChart
        lanes={drawn}
        peaks={peaks.value}
        at_ms={heard ? from + player.at_ms : null}
        onPick={(offset) => player.playFrom(Math.max(0, offset - from))}
      />
      {heard ? (
        <Controls player={player} duration_ms={heard.duration_ms} />
      ) : (
        <p className="rec-none lx-t2">{rec ? t('contact.rec_running') : `${t('contact.no_recording')} ${t('contact.no_recording_what')}`}</p>
      )}
      {player.failed && <p className="rec-none lx-over">{t('contact.rec_failed')}</p>}
    </section>
  );
}
