// What failed, said where it happened, with a way to try again.
import { Button } from 'antd';
import type { Problem } from '../api/problem';
import { t, useT, type Key } from '../i18n';
import { ThresholdShape } from './Threshold';

const byCode: Record<string, Key> = {
  state: 'error.state',
  target_busy: 'error.target_busy',
  queue_takes_nobody: 'error.queue_takes_nobody',
  conflict: 'error.conflict',
  target_unreachable: 'error.target_unreachable',
  invalid: 'error.refused',
};
const byStatus: Record<number, Key> = {
  0: 'error.network',
  403: 'error.denied',
  404: 'error.gone',
  409: 'error.state',
  412: 'error.conflict',
  422: 'error.refused',
  503: 'error.busy',
  504: 'error.busy',
  507: 'error.full',
};

export function problemTitle(problem: Problem): string {
  return t(byCode[problem.code] ?? byStatus[problem.status] ?? 'error.server');
}

export function problemText(problem: Problem): string {
  if (problem.status === 0) return t('error.network_what');
  return t('error.server_what', { status: problem.status, text: problem.message });
}

export function ErrorNote({ problem, again }: { problem: Problem; again?: () => void }) {
  const tr = useT();
  return (
    <div className="lx-notice lx-notice-over" role="alert">
      <ThresholdShape level="over" />
      <div>
        <div>{problemTitle(problem)}</div>
        <p>{problemText(problem)}</p>
        {again && (
          <div className="lx-acts">
            <Button type="link" size="small" style={{ padding: 0 }} onClick={again}>
              {tr('common.retry')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
