// The agent's state at the bar's left end: shape, word, running time, F8. The menu sets ready or a reason.
import { Dropdown, type MenuProps } from 'antd';
import { Kbd } from '../components/Kbd';
import { Since } from '../components/Since';
import { StateShape } from '../components/StateShape';
import { tWord, useT } from '../i18n';
import { isDeaf } from '../phone/microphone';
import { phoneStore } from '../phone/phone';
import { useStore } from '../store/create';
import { byPosition, entryName, reasonName, useDirectory } from '../store/directory';
import { useLink } from '../store/live';
import { panelStore } from '../store/panel';
import { actingStore, setState } from './commands';
import { useMyLive } from './me';

const inContact = new Set(['ringing', 'on_contact', 'wrap_up']);

export function StateButton() {
  const t = useT();
  const mine = useMyLive();
  const reasons = useDirectory('reasons');
  const open = useStore(panelStore, (p) => p === 'state');
  const pending = useStore(actingStore, (a) => a.pending === 'state');
  const online = useLink().state === 'up';
  const state = mine?.state ?? 'offline';
  const word = state === 'not_ready' ? reasonName(reasons, mine?.reason) || tWord('state', state) : tWord('state', state);
  const deaf = useStore(phoneStore, (p) => isDeaf(p.mic));
  const later = inContact.has(state);
  const items: MenuProps['items'] = [
    { key: 'ready', icon: <StateShape state="ready" />, label: t('phone.set_ready'), disabled: deaf },
    { type: 'divider' },
    {
      key: 'group',
      type: 'group',
      label: later ? `${t('phone.set_not_ready')} · ${t('phone.after_contact')}` : t('phone.set_not_ready'),
      children: [
        ...byPosition(reasons).map((row) => ({
          key: `reason:${row.code ?? row.id}`,
          icon: <StateShape state="not_ready" />,
          label: entryName(row) ?? row.id,
        })),
        { key: 'reason:', icon: <StateShape state="not_ready" />, label: t('phone.no_reason') },
      ],
    },
  ];
  const pick: MenuProps['onClick'] = ({ key }) => {
    panelStore.set(null);
    if (key === 'ready') void setState('ready', null);
    else void setState('not_ready', key.slice('reason:'.length) || null);
  };
  return (
    <Dropdown
      menu={{ items, onClick: pick }}
      trigger={['click']}
      open={open}
      autoFocus
      disabled={!online || !mine}
      onOpenChange={(made) => panelStore.set(made ? 'state' : null)}
    >
      <button
        type="button"
        className={`state state-${state} ${pending ? 'pb-pending' : ''}`}
        data-state={state}
        aria-keyshortcuts="F8"
        title={t('phone.state', { state: word })}
      >
        <StateShape state={state} />
        <b>{word}</b>
        <span className="state-time">
          <Since at={mine?.since} />
        </span>
        <Kbd>F8</Kbd>
      </button>
    </Dropdown>
  );
}
