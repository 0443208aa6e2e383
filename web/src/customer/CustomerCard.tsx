// The customer beside a contact: the same parts as his page, in a column.
import { Link } from 'react-router';
import type { Id } from '../api/shapes';
import { Bones } from '../components/Bones';
import { ErrorNote } from '../components/ErrorNote';
import { useT } from '../i18n';
import { useResource } from '../store/meta';
import './customer.css';
import { CustomerHead } from './CustomerHead';
import { CustomerTabs } from './CustomerTabs';
import { useCustomer } from './useCustomer';

export function CustomerCard({ id, current }: { id: Id; current: Id | null }) {
  const t = useT();
  const resource = useResource('customers');
  const state = useCustomer(id);
  if (state.problem && !state.value) return <ErrorNote problem={state.problem} again={state.again} />;
  if (!state.value || !resource) return <Bones rows={6} />;
  return (
    <>
      <CustomerHead
        resource={resource}
        state={state}
        acts={
          <Link to={`/customers/${id}`} className="lx-12">
            {t('customer.more')}
          </Link>
        }
      />
      <CustomerTabs resource={resource} state={state} current={current} />
    </>
  );
}
