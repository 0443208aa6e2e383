import { Icon } from '../components/Icon';
import { useT } from '../i18n';
import { phoneText } from '../i18n/format';
import { useLink } from '../store/live';
import { dial, dialBehind, type Behind } from './commands';
import { useMyLive } from './me';

interface Props {
  number: string;
  by?: Behind; // of a number that is shown in part
}

// A number that is dialled by a click, while no call is in hand.
export function DialLink({ number, by }: Props) {
  const t = useT();
  const mine = useMyLive();
  const online = useLink().state === 'up';
  const text = phoneText(number);
  const idle = mine?.state === 'ready' || mine?.state === 'not_ready';
  if (!idle || !online) return <span className="dial-link lx-t2">{text}</span>;
  return (
    <button type="button" className="lx-plain dial-link lx-accent" aria-label={t('phone.dial_to', { number: text })} onClick={() => void (by ? dialBehind(by) : dial(number))}>
      <Icon name="phone" size={14} />
      {text}
    </button>
  );
}
