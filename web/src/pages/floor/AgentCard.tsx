import { Since } from '../../components/Since';
import { StateShape } from '../../components/StateShape';
import { Threshold } from '../../components/Threshold';
import { useT } from '../../i18n';
import { AgentDoing } from './AgentDoing';
import { AgentMenu } from './AgentMenu';
import type { AgentStanding } from './Agents';

export function AgentCard({ standing }: { standing: AgentStanding }) {
  const t = useT();
  const { id, live, level, name, number, limit_ms } = standing;
  const tone = level === 'over' || level === 'near' ? `floor-card-${level}` : '';
  return (
    <li>
      <AgentMenu id={id} live={live}>
        <button type="button" className={`lx-plain floor-card ${tone}`} title={t('floor.menu', { name })}>
          <span className="lx-row floor-card-top">
            <StateShape state={live.state} />
            <span className="lx-cut">{name}</span>
            <span className="lx-t3 lx-12">{number}</span>
            <span className="lx-end">
              <Threshold level={level}>
                <Since at={live.since} />
              </Threshold>
            </span>
          </span>
          <AgentDoing live={live} limit_ms={limit_ms} />
        </button>
      </AgentMenu>
    </li>
  );
}
