import { Button } from 'antd';
import { useT } from '../i18n';
import { figure } from '../i18n/format';
import { Icon } from './Icon';

// The server counts no further.
const most = 10_000;

interface Props {
  page: number;
  limit: number;
  shown: number;
  total: number;
  more: boolean;
  onPage: (page: number) => void;
}

// How many there are and which of them are seen; the server pages by cursor, so only the neighbours can be reached.
export function Pager({ page, limit, shown, total, more, onPage }: Props) {
  const t = useT();
  const first = page * limit + 1;
  return (
    <div className="lx-row pager">
      <span className="lx-t2">{shown === 0 ? t('list.none') : t(total > most ? 'list.range_more' : 'list.range', { first, last: first + shown - 1, total: figure(Math.min(total, most)) })}</span>
      <span className="lx-end lx-row">
        <Button size="small" aria-label={t('list.before')} disabled={page === 0} icon={<Icon name="left" />} onClick={() => onPage(page - 1)} />
        <Button size="small" aria-label={t('list.after')} disabled={!more} icon={<Icon name="right" />} onClick={() => onPage(page + 1)} />
      </span>
    </div>
  );
}
