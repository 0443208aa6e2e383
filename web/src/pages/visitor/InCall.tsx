import { useState } from 'react';
import { useKeys } from '../../actions/useKeys';
import { Icon } from '../../components/Icon';
import { useT } from '../../i18n';
import { clock } from '../../i18n/format';
import { endCall, pressKey, setMuted, type VisitorCall } from '../../phone/visitorCall';
import { useNow } from '../../store/now';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

type Running = Extract<VisitorCall, { state: 'connecting' | 'ringing' | 'talking' }>;

function Pad() {
  const t = useT();
  const [typed, setTyped] = useState('');
  const push = (key: string) => {
    setTyped((old) => (old + key).slice(-18));
    pressKey(key);
  };
  useKeys(Object.fromEntries(keys.map((key) => [key, () => push(key)])));
  return (
    <>
      <p className="visitor-typed" aria-live="polite">
        {typed}
      </p>
      <div className="visitor-pad">
        {keys.map((key) => (
          <button key={key} type="button" data-key={key} aria-label={t('visitor.key', { key })} onClick={() => push(key)}>
            {key}
          </button>
        ))}
      </div>
    </>
  );
}

export function InCall({ call, name }: { call: Running; name: string }) {
  const t = useT();
  const now = useNow();
  const [pad, setPad] = useState(true);
  const talking = call.state === 'talking';
  const muted = talking && call.muted;
  return (
    <section className="visitor-card visitor-live" data-call={call.state}>
      <div role="status">
        <h1>{name}</h1>
        <p>
          {t(`visitor.${call.state}`)}
          {talking && <span className="visitor-time"> {clock(now - call.since)}</span>}
        </p>
      </div>
      {talking && pad && <Pad />}
      <p className="visitor-hint">{talking ? t('visitor.talking_hint') : t('visitor.mic_hint')}</p>
      <div className="visitor-acts">
        <button type="button" className="visitor-act" data-act="mute" aria-pressed={muted} disabled={!talking} onClick={() => setMuted(!muted)}>
          <Icon name={muted ? 'mute' : 'mic'} size={22} />
          <span>{muted ? t('visitor.unmute') : t('visitor.mute')}</span>
        </button>
        <button type="button" className="visitor-act visitor-hangup" data-act="hangup" onClick={endCall}>
          <Icon name="hangup" size={26} />
          <span>{t('visitor.hangup')}</span>
        </button>
        <button type="button" className="visitor-act" data-act="keypad" aria-pressed={pad} disabled={!talking} onClick={() => setPad(!pad)}>
          <Icon name="keys" size={22} />
          <span>{pad ? t('visitor.hide_keypad') : t('visitor.keypad')}</span>
        </button>
      </div>
    </section>
  );
}
