import { useState } from 'react';
import type { Visitor } from '../../api/shapes';
import { Icon } from '../../components/Icon';
import { useT } from '../../i18n';
import { clock } from '../../i18n/format';
import { startCall, visitorStore, type VisitorCall } from '../../phone/visitorCall';
import { useStore } from '../../store/create';
import { InCall } from './InCall';

function Words({ call }: { call: VisitorCall }) {
  const t = useT();
  switch (call.state) {
    case 'ended':
      return (
        <div role="status">
          <h1>{t('visitor.ended')}</h1>
          <p>{t('visitor.lasted', { time: clock(call.lasted_ms) })}</p>
        </div>
      );
    case 'failed':
      return (
        <div role="alert">
          <h1>{t('visitor.failed')}</h1>
          <p>{t(`visitor.why_${call.why}`)}</p>
        </div>
      );
    case 'mic': {
      const mic = call.mic === 'none' || call.mic === 'insecure' ? call.mic : 'denied';
      return (
        <div role="alert">
          <h1>{t(`visitor.mic_${mic}`)}</h1>
          <p>{t(`visitor.mic_${mic}_what`)}</p>
        </div>
      );
    }
    default:
      return (
        <div>
          <h1>{t('visitor.title')}</h1>
          <p>{t('visitor.lead')}</p>
        </div>
      );
  }
}

export function CallCard({ visitor }: { visitor: Visitor }) {
  const t = useT();
  const call = useStore(visitorStore);
  const [number, setNumber] = useState(visitor.numbers[0]?.number ?? '');
  const chosen = visitor.numbers.find((each) => each.number === number);
  if (call.state === 'connecting' || call.state === 'ringing' || call.state === 'talking') {
    return <InCall call={call} name={chosen?.name || number} />;
  }
  if (!chosen) return <section className="visitor-card">{t('visitor.no_number')}</section>;
  return (
    <section className="visitor-card" data-call={call.state}>
      <Words call={call} />
      {visitor.numbers.length > 1 ? (
        <label className="visitor-choose">
          {t('visitor.choose')}
          <select value={number} onChange={(event) => setNumber(event.target.value)}>
            {visitor.numbers.map((each) => (
              <option key={each.number} value={each.number}>
                {each.name || each.number}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <p className="visitor-number">
          <b>{chosen.name}</b>
          {t('visitor.number', { number })}
        </p>
      )}
      <button type="button" className="visitor-main" data-act="call" onClick={() => void startCall(visitor.ws, visitor.realm, number)}>
        <Icon name="phone" size={20} />
        {call.state === 'idle' ? t('visitor.call') : t('visitor.again')}
      </button>
      <p className="visitor-hint">{t('visitor.mic_hint')}</p>
    </section>
  );
}
