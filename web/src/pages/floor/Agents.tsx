// Agents as cards or rows: shape, word, running time; those beyond a limit stand first.
import { Checkbox, Segmented } from 'antd';
import { useState } from 'react';
import type { AgentState } from '../../api/shapes';
import { Empty } from '../../components/Empty';
import { StateShape } from '../../components/StateShape';
import { levelOf } from '../../components/Threshold';
import { tWord, useT } from '../../i18n';
import { useDirectory } from '../../store/directory';
import { useLive } from '../../store/live';
import { useNow } from '../../store/now';
import { readPref, writePref } from '../../store/prefs';
import { AgentCard } from './AgentCard';
import { AgentRows } from './AgentRows';
import { byTrouble, type Standing } from './figures';
import { limitOf } from './limits';

export type AgentStanding = Standing & { name: string; number: string; limit_ms: number | null };

const counted: AgentState[] = ['on_contact', 'ready', 'wrap_up', 'not_ready'];

function useStandings(withOffline: boolean): AgentStanding[] {
  const agents = useLive((l) => l.agents);
  const names = useDirectory('agents');
  const now = useNow();
  return Object.entries(agents)
    .filter(([, live]) => withOffline || live.state !== 'offline')
    .map(([id, live]) => {
      const limit_ms = limitOf(live);
      const number = String(names[id]?.number ?? live.number ?? '');
      return { id, live, limit_ms, number, name: names[id]?.name ?? number, level: levelOf(now - live.since, limit_ms) };
    })
    .sort(byTrouble);
}

export function Agents() {
  const t = useT();
  const [shape, setShape] = useState(readPref('floor.agents') === 'table' ? 'table' : 'cards');
  const [offline, setOffline] = useState(false);
  const known = useLive((l) => l.known);
  const standings = useStandings(offline);
  const count = (state: AgentState) => standings.filter((s) => s.live.state === state).length;
  return (
    <section className="lx-card floor-agents">
      <div className="lx-card-head floor-agents-head">
        <h2>{t('floor.agents')}</h2>
        {counted.map((state) => (
          <span key={state} className="lx-12 lx-t2 lx-nowrap">
            <StateShape state={state} /> {tWord('state', state)} {count(state)}
          </span>
        ))}
        <span className="lx-end lx-row">
          <Checkbox checked={offline} onChange={(event) => setOffline(event.target.checked)}>
            {t('floor.show_offline')}
          </Checkbox>
          <Segmented
            size="small"
            aria-label={t('floor.as')}
            value={shape}
            onChange={(value) => {
              setShape(value);
              writePref('floor.agents', value);
            }}
            options={[
              { value: 'cards', label: t('floor.cards') },
              { value: 'table', label: t('floor.table') },
            ]}
          />
        </span>
      </div>
      {known && standings.length === 0 && (
        <Empty icon="user" title={t('floor.agents_none')} text={t('floor.agents_none_what')} />
      )}
      {shape === 'cards' ? (
        <ul className="floor-cards">
          {standings.map((standing) => (
            <AgentCard key={standing.id} standing={standing} />
          ))}
        </ul>
      ) : (
        <AgentRows standings={standings} />
      )}
    </section>
  );
}
