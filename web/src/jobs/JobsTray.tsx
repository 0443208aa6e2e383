// Long work at hand in the bar: there while something runs, or has been done lately.
import { Badge, Button, Popover } from 'antd';
import { Icon } from '../components/Icon';
import { useT } from '../i18n';
import { isOver, useJobs } from '../store/jobs';
import { JobLine } from './JobLine';
import './jobs.css';

export function JobsTray() {
  const t = useT();
  const { rows } = useJobs();
  const running = rows.filter((job) => !isOver(job)).length;
  if (rows.length === 0) return null;
  const content = (
    <div className="jobs" role="group" aria-label={t('job.title')}>
      {rows.map((job) => (
        <JobLine key={job.id} job={job} />
      ))}
    </div>
  );
  const word = running > 0 ? t('job.running', { n: running }) : t('job.title');
  return (
    <Popover trigger="click" placement="bottomRight" arrow={false} title={t('job.title')} content={content}>
      <Button type="text" data-act="jobs" aria-label={word} title={word} icon={<Badge count={running} size="small" color="var(--lx-accent)"><Icon name="clock" /></Badge>} />
    </Popover>
  );
}
