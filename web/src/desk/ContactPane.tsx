// The middle: nothing, a call that rings, the call, or the work after it.
import { Button } from 'antd';
import { Empty } from '../components/Empty';
import { useT } from '../i18n';
import { useStore } from '../store/create';
import { isDeaf } from '../phone/microphone';
import { phoneStore } from '../phone/phone';
import { setState } from './commands';
import { ContactWork } from './ContactWork';
import { useContactId, useMyLive } from './me';
import { RingingCard } from './RingingCard';
import { useCallActions } from './useCallActions';

function Idle() {
  const t = useT();
  const mine = useMyLive();
  const mic = useStore(phoneStore, (p) => p.mic);
  if (!mine || mine.state === 'offline') return <Empty icon="desk" title={t('idle.offline')} text={t('idle.offline_what')} />;
  if (mine.state === 'ready') return <Empty icon="desk" title={t('idle.ready')} text={t('idle.ready_what')} />;
  return (
    <Empty
      icon="pause"
      title={t('idle.not_ready')}
      text={t('idle.not_ready_what')}
      action={
        <Button type="primary" data-act="ready" disabled={isDeaf(mic)} onClick={() => void setState('ready', null)}>
          {t('idle.go_ready')}
        </Button>
      }
    />
  );
}

export function ContactPane() {
  const t = useT();
  const id = useContactId();
  const acts = useCallActions();
  return (
    <section className="desk-pane desk-middle" aria-label={t('desk.contact')}>
      {!id && <Idle />}
      {id && acts.ringing && <RingingCard key={id} id={id} acts={acts} />}
      {id && !acts.ringing && <ContactWork key={id} id={id} acts={acts} />}
    </section>
  );
}
