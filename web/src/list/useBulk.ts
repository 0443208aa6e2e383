// The steps of a bulk change: tried out first, and only when something would not pass the person is asked; then done.
import { App } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { asProblem } from '../api/problem';
import type { ResourceMeta, Row } from '../api/shapes';
import type { ListState } from '../api/useList';
import { problemTitle } from '../components/ErrorNote';
import { errorText } from '../fields/check';
import { cancelJob } from '../store/jobs';
import { runBulk, selectionOf, stopped, type Act, type Outcome } from './bulk';
import type { Step } from './BulkOutcome';
import type { Chosen } from './useChosen';

interface State {
  act: Act;
  step: Step;
  outcome: Outcome;
}

export interface Bulk {
  state: State | null;
  start: (act: Act) => void;
  go: () => void;
  stop: () => void;
  close: () => void;
}

const waiting = (total: number): Outcome => ({ total, counts: { done: 0, conflict: 0, forbidden: 0, refused: 0 }, items: [], job: null });

export function useBulk(resource: ResourceMeta, list: ListState<Row>, chosen: Chosen): Bulk {
  const [state, setState] = useState<State | null>(null);
  const { message } = App.useApp();
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const run = async (act: Act, dry: boolean): Promise<Outcome | null> => {
    const step: Step = dry ? 'trial' : 'running';
    const tell = (outcome: Outcome) => shown.current && setState((now) => now && { ...now, outcome });
    setState({ act, step, outcome: waiting(chosen.all ? list.total : chosen.ids.size) });
    try {
      return await runBulk(resource, selectionOf(chosen.all, chosen.ids, list.question, list.load.value?.items ?? []), act, dry, tell);
    } catch (error) {
      const problem = asProblem(error);
      const first = problem.errors[0];
      const field = resource.fields.find((each) => each.name === first?.field.split(/[.[]/)[0]);
      setState(null);
      void message.error(first && field ? errorText(first, field) : problemTitle(problem));
      return null;
    }
  };
  const carryOut = async (act: Act) => {
    const outcome = await run(act, false);
    if (!outcome) return;
    setState((now) => now && { ...now, step: 'over', outcome });
    list.load.again();
  };
  const start = async (act: Act) => {
    const outcome = await run(act, true);
    if (!outcome || outcome.job?.state === 'cancelled') setState(null);
    else if (stopped(outcome) > 0 || outcome.counts.done === 0) setState({ act, step: 'preview', outcome });
    else await carryOut(act);
  };
  return {
    state,
    start: (act) => void start(act),
    go: () => state && void carryOut(state.act),
    stop: () => state?.outcome.job && void cancelJob(state.outcome.job.id),
    close: () => {
      setState(null);
      if (state?.step === 'over') chosen.clear();
    },
  };
}
