// To whom a call goes: an agent, a queue, a number. One list, searched by typing; Enter takes the first.
import { Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import type { Target } from '../api/shapes';
import { Icon } from '../components/Icon';
import { StateShape } from '../components/StateShape';
import { useT } from '../i18n';
import { useDirectory } from '../store/directory';
import { useLive } from '../store/live';
import { matching } from './match';
import { useMe } from './me';

type Kind = Target['kind'];

interface Props {
  mode: 'transfer' | 'consult';
  onPick: (target: Target) => void;
}

export function TargetPicker({ mode, onPick }: Props) {
  const t = useT();
  const me = useMe();
  const [kind, setKind] = useState<Kind>('agent');
  const [text, setText] = useState('');
  const agents = useDirectory('agents');
  const queues = useDirectory('queues');
  const live = useLive((l) => l.agents);
  const rows = kind === 'number' ? [] : matching(Object.values(kind === 'agent' ? agents : queues), text).filter((row) => row.id !== me?.agent.id || kind === 'queue');
  const hint = { agent: t('target.find_agent'), queue: t('target.find_queue'), number: t('target.type_number') }[kind];
  const number = text.replace(/[\s()-]/g, '');
  const take = () => {
    const first = rows[0];
    if (kind === 'number' && number !== '') onPick({ kind, number });
    else if (kind !== 'number' && first) onPick({ kind, id: first.id });
  };
  return (
    <div className="target" role="group" aria-label={mode === 'transfer' ? t('phone.transfer') : t('phone.consult')}>
      <Segmented<Kind>
        block
        aria-label={t('target.kind')}
        value={kind}
        onChange={setKind}
        options={[
          { value: 'agent', label: t('target.agent') },
          { value: 'queue', label: t('target.queue') },
          { value: 'number', label: t('target.number') },
        ]}
      />
      <Input
        autoFocus
        prefix={<Icon name={kind === 'number' ? 'phone' : 'find'} size={14} />}
        placeholder={hint}
        aria-label={hint}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={take}
      />
      {kind === 'number' ? (
        <Button type="primary" disabled={number === ''} onClick={take}>
          {mode === 'transfer' ? t('target.transfer_now') : t('target.consult_now')}
        </Button>
      ) : (
        <ul className="target-list">
          {rows.length === 0 && <li className="lx-t3 target-none">{t('target.none')}</li>}
          {rows.slice(0, 50).map((row) => {
            const state = kind === 'agent' ? live[row.id]?.state : undefined;
            return (
              <li key={row.id}>
                <button type="button" className="target-row" onClick={() => onPick({ kind, id: row.id })}>
                  {state && <StateShape state={state} />}
                  <span className="lx-cut">{row.name}</span>
                  <span className="lx-t3 lx-12 lx-end">{row.number}</span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
      <p className="lx-t3 lx-12">{mode === 'transfer' ? t('target.transfer_what') : t('target.consult_what')}</p>
    </div>
  );
}
