import { App, Dropdown, type MenuProps } from 'antd';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { send } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { AgentLive } from '../../api/shapes';
import { problemTitle } from '../../components/ErrorNote';
import { useT } from '../../i18n';
import { byPosition, entryName, useDirectory } from '../../store/directory';
import { useLink } from '../../store/live';

interface Props {
  id: string;
  live: AgentLive;
  children: ReactNode;
}

// What a leader may do to an agent: change his state, see what he has in hand.
export function AgentMenu({ id, live, children }: Props) {
  const t = useT();
  const go = useNavigate();
  const { message } = App.useApp();
  const reasons = byPosition(useDirectory('reasons'));
  const link = useLink();
  const idle = live.state === 'ready' || live.state === 'not_ready';
  const force = (state: 'ready' | 'not_ready', reason: string | null) =>
    send('PUT', `/agents/${id}/state`, { state, reason }).catch(
      (error: unknown) => void message.error(problemTitle(asProblem(error))),
    );
  const items: MenuProps['items'] = [
    { key: 'ready', label: t('floor.set_ready'), disabled: link.state !== 'up' || live.state === 'ready' || !idle },
    {
      key: 'not_ready',
      label: t('floor.set_not_ready'),
      disabled: link.state !== 'up' || live.state === 'offline',
      children: reasons.map((row) => ({ key: `reason:${row.code ?? row.id}`, label: entryName(row) ?? row.id })),
    },
    { type: 'divider' },
    { key: 'see', label: t('floor.see'), disabled: live.interaction === null },
  ];
  const pick: MenuProps['onClick'] = ({ key }) => {
    if (key === 'see') void go(`/interactions/${live.interaction}`);
    else if (key === 'ready') void force('ready', null);
    else if (key.startsWith('reason:')) void force('not_ready', key.slice(7));
  };
  return (
    <Dropdown menu={{ items, onClick: pick }} trigger={['click']}>
      {children}
    </Dropdown>
  );
}
