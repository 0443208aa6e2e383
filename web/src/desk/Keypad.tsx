import { useState } from 'react';
import { useKeys } from '../actions/useKeys';
import { useT } from '../i18n';

const rows = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

// Keys pressed on the call, by mouse or keyboard; what was pressed stays readable.
export function Keypad({ press }: { press: (digits: string) => void }) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const push = (key: string) => {
    setTyped((old) => (old + key).slice(-16));
    press(key);
  };
  useKeys(Object.fromEntries(rows.map((key) => [key, () => push(key)])));
  return (
    <div className="keypad">
      <p className="keypad-typed" aria-live="polite">
        {typed ? t('phone.keypad_typed', { keys: typed }) : t('phone.keys')}
      </p>
      <div className="keypad-keys">
        {rows.map((key) => (
          <button key={key} type="button" className="keypad-key" aria-label={t('phone.key', { key })} onClick={() => push(key)}>
            {key}
          </button>
        ))}
      </div>
    </div>
  );
}
