import { Button, Input, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useKeys } from '../actions/useKeys';
import { Icon } from '../components/Icon';
import { Kbd } from '../components/Kbd';
import { useT } from '../i18n';
import { useStore } from '../store/create';
import { useLink } from '../store/live';
import { actingStore, dial } from './commands';

// Where a number is dialled while there is no call.
export function DialField() {
  const t = useT();
  const [number, setNumber] = useState('');
  const input = useRef<InputRef>(null);
  const pending = useStore(actingStore, (a) => a.pending === 'dial');
  const online = useLink().state === 'up';
  const call = async () => {
    if (number.trim() !== '' && (await dial(number)) !== null) setNumber('');
  };
  useKeys({ F9: () => input.current?.focus() });
  return (
    <span className="lx-row dial">
      <Input
        ref={input}
        inputMode="tel"
        placeholder={t('phone.dial_hint')}
        aria-label={t('phone.dial_hint')}
        prefix={<Icon name="phone" size={14} />}
        suffix={<Kbd>F9</Kbd>}
        value={number}
        disabled={!online}
        onChange={(event) => setNumber(event.target.value)}
        onPressEnter={() => void call()}
      />
      {number !== '' && (
        <Button type="primary" loading={pending} data-act="dial" onClick={() => void call()}>
          {t('phone.dial')}
        </Button>
      )}
    </span>
  );
}
