// What is seen as a file: the list's filter, order and columns. A long one is a job, and is fetched when it is ready.
import { App, Button, Dropdown } from 'antd';
import { useEffect, useState } from 'react';
import { base, queryString, send } from '../api/client';
import { asProblem } from '../api/problem';
import type { ResourceMeta } from '../api/shapes';
import type { ListState } from '../api/useList';
import { problemTitle } from '../components/ErrorNote';
import { Icon } from '../components/Icon';
import { useT } from '../i18n';
import { figure } from '../i18n/format';
import { isOver, loadJobs, useJob, type JobRow } from '../store/jobs';
import { langStore } from '../store/prefs';
import { exportQuery } from './exportQuery';

const atOnce = 10_000;

function save(path: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = '';
  link.click();
}

function useFetched(): (job: JobRow) => void {
  const [waiting, setWaiting] = useState<string | null>(null);
  const job = useJob(waiting);
  const ready = job !== null && isOver(job) && job.file_size !== null;
  useEffect(() => {
    if (ready && waiting) save(`${base}/jobs/${waiting}/result`);
  }, [ready, waiting]);
  return ({ id }) => setWaiting(id);
}

export function ExportMenu({ resource, list, columns }: { resource: ResourceMeta; list: Pick<ListState<unknown>, 'total' | 'question'>; columns: string[] }) {
  const t = useT();
  const { message } = App.useApp();
  const wait = useFetched();
  const n = list.total > atOnce ? t('list.many', { n: figure(atOnce) }) : figure(list.total);
  const style = { lang: langStore.get(), offset_min: -new Date().getTimezoneOffset() };
  const run = async (format: 'csv' | 'xlsx') => {
    if (list.total <= atOnce) {
      const ours = queryString({ ...style, format, fields: columns.join(',') }).slice(1);
      return save(`${base}/${resource.plural}${list.question === '' ? '?' : `${list.question}&`}${ours}`);
    }
    try {
      const job = await send<JobRow>('POST', `/${resource.plural}/export`, { format, query: exportQuery(list.question), fields: columns, ...style });
      await loadJobs();
      wait(job);
      void message.info(t('job.started'));
    } catch (error) {
      void message.error(problemTitle(asProblem(error)));
    }
  };
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        items: [
          { key: 'what', type: 'group', label: t('export.what') },
          { key: 'xlsx', label: t('export.xlsx', { n }) },
          { key: 'csv', label: t('export.csv', { n }) },
        ],
        onClick: ({ key }) => void run(key as 'csv' | 'xlsx'),
      }}
    >
      <Button icon={<Icon name="download" />} aria-label={t('export.menu')} title={t('export.menu')} data-act="export" />
    </Dropdown>
  );
}
