// Who may be the same person as this customer, and why; from here two are made one.
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ResourceMeta } from '../api/shapes';
import { useLoad } from '../api/useLoad';
import { Bones } from '../components/Bones';
import { Empty } from '../components/Empty';
import { ErrorNote } from '../components/ErrorNote';
import { Tier } from '../components/Tier';
import { textOf } from '../fields/types';
import { useT } from '../i18n';
import { can } from '../store/meta';
import { MergeDialog } from './MergeDialog';
import { Reasons, type Alike } from './Reasons';
import type { CustomerState } from './useCustomer';

export function Duplicates({ resource, state }: { resource: ResourceMeta; state: CustomerState }) {
  const t = useT();
  const { value, problem, again } = useLoad<{ items: Alike[] }>(`/customers/${state.id}/duplicates`);
  const [other, setOther] = useState<Alike | null>(null);
  const mayMerge = can(resource, 'update') && can(resource, 'delete') && !state.value?.deleted;
  if (problem) return <ErrorNote problem={problem} again={again} />;
  if (!value) return <Bones rows={3} />;
  if (value.items.length === 0) return <Empty icon="user" title={t('customer.no_same')} text={t('customer.no_same_what')} />;
  return (
    <div className="alike">
      <ul>
        {value.items.map((each) => (
          <li key={each.id} className="lx-row" data-alike={each.id}>
            <Link to={`/customers/${each.id}`} className="lx-cut">
              {each.name}
            </Link>
            <Tier tier={each.tier} />
            {each.kind === 'prospect' && <span className="lx-prospect">{t('customer.prospect')}</span>}
            <span className="lx-t3 lx-12 lx-cut lx-grow">{textOf(each.number)}</span>
            <Reasons reasons={each.reasons} />
            {mayMerge && (
              <Button size="small" data-act="merge" onClick={() => setOther(each)}>
                {t('customer.merge')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {!mayMerge && <p className="lx-t3 lx-12">{t('customer.merge_right')}</p>}
      {other && (
        <MergeDialog
          resource={resource}
          one={state.id}
          other={other.id}
          onDone={() => {
            setOther(null);
            state.again();
            again();
          }}
          onClose={() => setOther(null)}
        />
      )}
    </div>
  );
}
