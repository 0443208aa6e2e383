// The demo's callers and robot agents: how fast they come, a pause, a stop. Drawn only where the server offers them.
import { App, Button, Segmented } from 'antd';
import { useState } from 'react';
import { send } from '../../api/client';
import { asProblem } from '../../api/problem';
import { useLoad } from '../../api/useLoad';
import { problemTitle } from '../../components/ErrorNote';
import { Icon } from '../../components/Icon';
import { useT } from '../../i18n';

interface Demo {
  running: boolean;
  paused: boolean;
  speed: number;
}

const speeds = [0.5, 1, 2, 4];

export function DemoLife() {
  const t = useT();
  const { message } = App.useApp();
  const { value } = useLoad<Demo>('/demo');
  const [changed, setChanged] = useState<Demo | null>(null);
  const demo = changed ?? value;
  if (!demo) return null;
  const change = (part: Partial<Demo>) =>
    void send<Demo>('PATCH', '/demo', part).then(
      (made) => setChanged(made ?? { ...demo, ...part }),
      (error: unknown) => void message.error(problemTitle(asProblem(error))),
    );
  const state = demo.running ? (demo.paused ? t('demo.paused') : t('demo.running')) : t('demo.stopped');
  return (
    <section className="floor-side-part floor-demo">
      <div className="lx-row">
        <h2>{t('demo.title')}</h2>
        <span className="lx-end lx-12 lx-t3">{state}</span>
      </div>
      <div className="lx-row">
        <Segmented
          size="small"
          aria-label={t('demo.speed')}
          disabled={!demo.running}
          value={demo.speed}
          options={speeds.map((each) => ({ value: each, label: t('contact.times', { n: each }) }))}
          onChange={(speed) => change({ speed })}
        />
        <span className="lx-end lx-row">
          {demo.running && (
            <Button size="small" icon={<Icon name={demo.paused ? 'play' : 'pause'} size={14} />} onClick={() => change({ paused: !demo.paused })}>
              {demo.paused ? t('demo.resume') : t('demo.pause')}
            </Button>
          )}
          <Button size="small" onClick={() => change({ running: !demo.running, paused: false })}>
            {demo.running ? t('demo.stop') : t('demo.start')}
          </Button>
        </span>
      </div>
    </section>
  );
}
