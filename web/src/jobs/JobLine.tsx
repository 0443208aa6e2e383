// One piece of long work: what, how far, what came of it, and what can be done with it.
import { App, Button, Progress } from 'antd';
import { base } from '../api/client';
import { asProblem } from '../api/problem';
import { problemTitle } from '../components/ErrorNote';
import { ThresholdShape } from '../components/Threshold';
import { labelOf, tWord, useT, type Key } from '../i18n';
import { dayOrTime, figure } from '../i18n/format';
import { cancelJob, isOver, type JobRow } from '../store/jobs';
import { resourceNamed } from '../store/meta';
import { maySome, useSession } from '../store/session';

const results: Record<string, Key> = { export: 'job.download', bulk: 'job.results' };

export function percentOf({ done, total }: Pick<JobRow, 'done' | 'total'>): number {
  return total ? Math.min(100, Math.floor((done * 100) / total)) : 0;
}

function counts(job: JobRow): string {
  const of = Object.entries(job.counts ?? {}).filter(([, n]) => typeof n === 'number' && n > 0);
  return of.map(([name, n]) => `${tWord('count', name)} ${figure(n as number)}`).join(' · ');
}

// An export is called by what it takes, in the language of the reader; other work as it was called when it began.
function nameOf({ kind, resource, label }: JobRow): string {
  const of = kind === 'export' && resource ? resourceNamed(resource)?.labels : undefined;
  return labelOf(of) || (label ?? '');
}

function State({ job }: { job: JobRow }) {
  const t = useT();
  if (job.state === 'failed') {
    return (
      <span className="lx-over">
        <ThresholdShape level="over" /> {tWord('job', `why_${job.message ?? 'failed'}`)}
      </span>
    );
  }
  if (isOver(job)) return <span className="lx-t2">{[tWord('job', job.state), counts(job)].filter(Boolean).join(' · ')}</span>;
  const all = job.total === null ? figure(job.done) : t('job.of', { done: figure(job.done), total: figure(job.total) });
  return <span className="lx-t2">{job.state === 'queued' ? t('job.queued') : all}</span>;
}

export function JobLine({ job }: { job: JobRow }) {
  const t = useT();
  const { message } = App.useApp();
  const mayCancel = maySome(useSession(), ['job.cancel']);
  const cancel = () => cancelJob(job.id).catch((error: unknown) => void message.error(problemTitle(asProblem(error))));
  return (
    <div className="job" data-job={job.id} data-state={job.state}>
      <div className="lx-row">
        <span className="lx-cut lx-grow">
          {tWord('job', job.kind)} {nameOf(job)}
        </span>
        <span className="lx-t3 lx-12 lx-nowrap">{dayOrTime(job.created)}</span>
      </div>
      {!isOver(job) && <Progress size="small" percent={percentOf(job)} showInfo={job.total !== null} strokeColor="var(--lx-accent)" aria-label={t('job.progress', { name: nameOf(job) })} />}
      <div className="lx-row lx-12">
        <span className="lx-grow">
          <State job={job} />
        </span>
        {!isOver(job) && mayCancel && (
          <Button size="small" data-act="cancel-job" onClick={() => void cancel()}>
            {t('job.cancel')}
          </Button>
        )}
        {isOver(job) && job.file_size !== null && (
          <Button size="small" type="link" data-act="result" href={`${base}/jobs/${job.id}/result`} download>
            {t(results[job.kind] ?? 'job.refused_rows')}
          </Button>
        )}
      </div>
    </div>
  );
}
