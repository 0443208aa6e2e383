// From a table to records in four steps: the file, its columns, what would happen, and the import itself. Where it stands is
// in the address, so that it can be left and come back to.
import { Button, Progress, Steps } from 'antd';
import { useState, type MouseEvent, type ReactNode } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { base } from '../../api/client';
import type { ResourceMeta } from '../../api/shapes';
import '../../components/dataTable.css';
import { Bones } from '../../components/Bones';
import { ErrorNote } from '../../components/ErrorNote';
import { NoRight } from '../../components/NoRight';
import { NotFound } from '../../components/NotFound';
import { labelIn, labelOf, t as say, tWord, useT } from '../../i18n';
import { figure } from '../../i18n/format';
import { CheckStep, CountStrip } from '../../imports/CheckStep';
import { FileStep } from '../../imports/FileStep';
import { MapStep } from '../../imports/MapStep';
import { useImport, type Import, type ImportState } from '../../imports/useImport';
import { percentOf } from '../../jobs/JobLine';
import { useJob } from '../../store/jobs';
import { can, useMeta } from '../../store/meta';
import { listOf } from '../../store/places';
import './imports.css';

const stepOf: Record<Import['state'], number> = { uploaded: 1, mapped: 1, checking: 2, checked: 2, running: 3, done: 4, failed: 1, cancelled: 3 };

function Working({ state, value }: { state: ImportState; value: Import }) {
  const t = useT();
  const job = useJob(value.job);
  return (
    <div className="import-working" role="status">
      <p>{t(value.state === 'checking' ? 'import.checking' : 'import.running')}</p>
      <Progress percent={job ? percentOf(job) : 0} strokeColor="var(--lx-accent)" aria-label={t('import.running')} />
      <div className="lx-row">
        <span className="lx-t2">{job?.total ? t('job.of', { done: figure(job.done), total: figure(job.total) }) : ''}</span>
        <Button className="lx-end" data-act="cancel-import" onClick={() => void state.act('POST', 'cancel')}>
          {t('job.cancel')}
        </Button>
      </div>
    </div>
  );
}

// A link of the pages in the look of a button.
function Go({ to, main = false, children }: { to: string; main?: boolean; children: ReactNode }) {
  const go = useNavigate();
  const onClick = (event: MouseEvent) => {
    event.preventDefault();
    void go(to);
  };
  return (
    <Button type={main ? 'primary' : 'default'} href={to} onClick={onClick}>
      {children}
    </Button>
  );
}

function Over({ resource, value }: { resource: ResourceMeta; value: Import }) {
  const t = useT();
  const list = listOf(resource.plural) ?? '/';
  return (
    <>
      <p data-import={value.state}>{t(value.state === 'done' ? 'import.done' : 'import.cancelled')}</p>
      {value.counts && <CountStrip counts={value.counts} />}
      <div className="lx-row import-foot">
        {(value.counts?.refused ?? 0) > 0 && (
          <Button href={`${base}/imports/${value.id}/refused`} download data-act="refused">
            {t('import.refused_file')}
          </Button>
        )}
        <span className="lx-end lx-row">
          <Go to={`/import/${resource.plural}`}>{t('import.another')}</Go>
          <Go to={list} main>
            {t('import.to_list', { name: labelIn(resource.labels) })}
          </Go>
        </span>
      </div>
    </>
  );
}

function Stage({ resource, state, value }: { resource: ResourceMeta; state: ImportState; value: Import }) {
  const [back, setBack] = useState(false);
  if (value.state === 'checking' || value.state === 'running') return <Working state={state} value={value} />;
  if (value.state === 'done' || value.state === 'cancelled') return <Over resource={resource} value={value} />;
  if (value.state === 'checked' && value.counts && !back) return <CheckStep state={state} value={value} counts={value.counts} onBack={() => setBack(true)} />;
  return (
    <>
      {value.state === 'failed' && <p className="lx-over">{tWord('job', `why_${value.message ?? 'failed'}`)}</p>}
      <MapStep key={value.id} state={state} value={value} onChecking={() => setBack(false)} />
    </>
  );
}

function Wizard({ resource }: { resource: ResourceMeta }) {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const id = params.get('id');
  const state = useImport(id);
  const { value, problem } = state;
  const names = ['import.step_file', 'import.step_columns', 'import.step_check', 'import.step_run'] as const;
  return (
    <div className="lx-page import-page">
      <div className="lx-page-head">
        <h1>{t('import.title', { name: labelIn(resource.labels) })}</h1>
        {value && <span className="lx-t2">{value.file_name}</span>}
      </div>
      <Steps size="small" current={value ? stepOf[value.state] : 0} items={names.map((name) => ({ title: say(name) }))} />
      <div className="lx-card import-card">
        {problem && <ErrorNote problem={problem} again={state.again} />}
        {!id && <FileStep resource={resource.plural} onMade={(made) => setParams({ id: made })} />}
        {id && !value && !problem && <Bones rows={6} />}
        {value && <Stage resource={resource} state={state} value={value} />}
      </div>
    </div>
  );
}

export function ImportPage() {
  const t = useT();
  const { plural = '' } = useParams();
  const { meta } = useMeta();
  const resource = meta?.resources.find((each) => each.plural === plural);
  if (!meta) return <Bones rows={8} />;
  if (!resource) return <NotFound />;
  if (!can(resource, 'import')) return <NoRight page={t('import.title', { name: labelOf(resource.labels) })} right={t('import.right', { name: labelOf(resource.labels) })} />;
  return <Wizard key={plural} resource={resource} />;
}
