// What a new centre still needs before its first call, in order; gone once nothing is missing.
import { useEffect } from 'react';
import { Link, useLocation } from 'react-router';
import type { Page, Row } from '../../api/shapes';
import { useLoad, type Load } from '../../api/useLoad';
import { useT, type Key } from '../../i18n';
import { onChanged } from '../../store/live';

const steps = [
  { plural: 'agents', kind: 'agent', what: 'first.agent', count: '/agents?limit=1' },
  { plural: 'users', kind: 'user', what: 'first.user', count: '/users?sort=-agent&limit=1' },
  { plural: 'dids', kind: 'did', what: 'first.did', count: '/dids?limit=1' },
  { plural: 'trunks', kind: 'trunk', what: 'first.trunk', count: '/trunks?limit=1' },
] as const;

function useCount(step: 0 | 1 | 2 | 3): Load<Page<Row>> {
  const load = useLoad<Page<Row>>(steps[step].count);
  const { again } = load;
  useEffect(() => onChanged((changed) => changed === steps[step].kind && again()), [step, again]);
  return load;
}

// Who has an agent comes first in the list of users.
function isMissing({ value }: Load<Page<Row>>): boolean {
  return value?.total === 0 || value?.items[0]?.agent === null;
}

function useMissing(): boolean[] {
  const [agents, users, dids, trunks] = [useCount(0), useCount(1), useCount(2), useCount(3)];
  return [agents, users, dids, trunks].map(isMissing);
}

export function FirstSteps() {
  const t = useT();
  const missing = useMissing();
  const here = useLocation().pathname.split('/').pop();
  // A centre that is called from browsers alone needs no trunk.
  if (!missing.slice(0, 3).includes(true)) return null;
  return (
    <section className="first-steps" aria-label={t('first.title')}>
      <b>{t('first.title')}</b>
      <ol>
        {steps.map(({ plural, what }, i) => (
          <li key={plural} data-step={plural} data-done={!missing[i]}>
            {here === plural || !missing[i] ? <span className={missing[i] ? '' : 'lx-t3'}>{t(what as Key)}</span> : <Link to={`/admin/${plural}?open=new`}>{t(what as Key)}</Link>}
            {!missing[i] && <span className="lx-t3"> · {t('first.done')}</span>}
          </li>
        ))}
        <li>
          {t('first.try')} <a href="/call">{t('first.call')}</a>
        </li>
      </ol>
    </section>
  );
}
