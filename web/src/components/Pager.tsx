import { Button, Select } from 'antd';
import { useT } from '../i18n';
import { figure } from '../i18n/format';
import { Icon } from './Icon';

// The server counts no further.
const most = 10_000;
const sizes = [20, 50, 100, 200, 500];

interface Props {
  page: number;
  limit: number;
  shown: number;
  total: number;
  more: boolean;
  onPage: (page: number) => void;
  chosen?: number;
  onLimit?: (limit: number) => void;
}

// The server pages by cursor: those seen so far, and the next one, can be gone to.
function numbers(page: number, more: boolean): number[] {
  const last = page + (more ? 1 : 0);
  return [0, page - 1, page, last].filter((each, i, all) => each >= 0 && all.indexOf(each) === i);
}

function range({ page, limit, shown, total }: Props) {
  const first = page * limit + 1;
  return { first: figure(first), last: figure(first + shown - 1), total: figure(Math.min(total, most)) };
}

export function Pager(props: Props) {
  const { page, limit, shown, total, more, onPage, chosen, onLimit } = props;
  const t = useT();
  const words = shown === 0 ? t('list.none') : t(total > most ? 'list.range_more' : 'list.range', range(props));
  return (
    <div className="lx-row pager">
      <span className="lx-t2 lx-12" role="status">
        {chosen === undefined ? words : t('list.chosen', { n: figure(chosen), rest: words })}
      </span>
      <span className="lx-end lx-row">
        <Button size="small" type="text" aria-label={t('list.before')} disabled={page === 0} icon={<Icon name="left" />} onClick={() => onPage(page - 1)} />
        {(page > 0 || more) &&
          numbers(page, more).map((each) => (
            <Button key={each} size="small" type={each === page ? 'default' : 'text'} className={each === page ? 'pager-on' : ''} aria-label={t('list.page', { n: each + 1 })} aria-current={each === page ? 'page' : false} onClick={() => onPage(each)}>
              {each + 1}
            </Button>
          ))}
        <Button size="small" type="text" aria-label={t('list.after')} disabled={!more} icon={<Icon name="right" />} onClick={() => onPage(page + 1)} />
        {onLimit && (
          <Select<number>
            size="small"
            aria-label={t('list.limit')}
            value={limit}
            options={sizes.map((n) => ({ value: n, label: t('list.per_page', { n }) }))}
            onChange={onLimit}
          />
        )}
      </span>
    </div>
  );
}
