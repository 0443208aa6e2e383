// A call that rings is heard, and seen too when the page is hidden.
import { useEffect } from 'react';
import { t } from '../i18n';
import { startRinging, stopRinging } from '../phone/ringer';
import { useDirectory } from '../store/directory';
import { useContactCall } from './me';
import { useParty } from './party';

export function useAlert(ringing: boolean): void {
  const call = useContactCall();
  const queues = useDirectory('queues');
  const { who } = useParty(call);
  const queue = call?.queue ? (queues[call.queue]?.name ?? '') : '';
  useEffect(() => {
    if (!ringing) return;
    startRinging();
    return stopRinging;
  }, [ringing]);
  useEffect(() => {
    if (!ringing || who === '' || !document.hidden) return;
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    const notice = new Notification(t('ring.notice', { who }), { body: t('ring.notice_body', { queue }), tag: 'lingxi-ring' });
    notice.onclick = () => window.focus();
    return () => notice.close();
  }, [ringing, who, queue]);
}
