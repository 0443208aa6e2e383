// Two lines under the form: can this browser hear, and does the phone's socket open. What to do stands below a failure.
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { Icon } from '../../components/Icon';
import { ThresholdShape, type Level } from '../../components/Threshold';
import { tWord, useT } from '../../i18n';
import { micState, type MicState } from '../../phone/microphone';
import { testEdge, type EdgeTest } from './edge';

const micLevel: Record<MicState, Level> = { ok: 'ok', ask: 'none', denied: 'near', none: 'near', insecure: 'near' };

function edgeLevel(edge: EdgeTest): Level {
  if (edge.state === 'ok') return 'ok';
  return edge.state === 'testing' ? 'none' : 'near';
}

export function EdgeCheck() {
  const t = useT();
  const [edge, setEdge] = useState<EdgeTest>({ state: 'testing' });
  const [mic, setMic] = useState<MicState | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    void testEdge().then(setEdge);
    void micState().then(setMic);
  }, [turn]);
  const again = () => {
    setEdge({ state: 'testing' });
    setTurn(turn + 1);
  };
  return (
    <div className="signin-check" role="status">
      <div className="lx-row">
        <Icon name="mic" />
        <span>{t('signin.mic')}</span>
        {mic && (
          <span className="lx-12 lx-t2 lx-grow">
            <ThresholdShape level={micLevel[mic]} /> {tWord('signin', `mic_${mic}`)}
          </span>
        )}
      </div>
      <div className="lx-row">
        <Icon name="signal" />
        <span>{t('signin.edge')}</span>
        <span className="lx-12 lx-t2 lx-grow">
          {edge.state !== 'testing' && <ThresholdShape level={edgeLevel(edge)} />}{' '}
          {edge.state === 'ok' ? t('signin.edge_ok', { ms: edge.ms }) : t(`signin.edge_${edge.state}`)}
        </span>
      </div>
      {edge.state === 'failed' && (
        <div className="signin-check-what lx-12">
          <p className="lx-t2">
            {t(edge.secure ? 'signin.edge_what' : 'signin.edge_what_plain', { url: edge.url })}
          </p>
          {edge.authority !== null && (
            <p>
              <a href={edge.authority} download data-act="authority">
                {t('signin.edge_authority')}
              </a>
              <br />
              <span className="lx-t2">{t('signin.edge_trust')}</span>
            </p>
          )}
          {edge.secure && (
            <a href={edge.url} target="_blank" rel="noreferrer">
              {edge.url}
            </a>
          )}
          <Button type="link" size="small" onClick={again}>
            {t('signin.test_again')}
          </Button>
        </div>
      )}
    </div>
  );
}
