import { lazy, Suspense } from 'react';
import { Route, Routes, useNavigate } from 'react-router';
import { Bones } from '../../components/Bones';
import { ErrorNote } from '../../components/ErrorNote';
import { NoRight } from '../../components/NoRight';
import { useT } from '../../i18n';
import { ResourceList } from '../../list/ResourceList';
import { loadMeta, useMeta } from '../../store/meta';

const CustomerPage = lazy(() => import('./CustomerPage').then((m) => ({ default: m.CustomerPage })));

// The list of customers; each has a page of his own.
export function CustomersPage() {
  const t = useT();
  const go = useNavigate();
  const { meta, problem } = useMeta();
  const resource = meta?.resources.find(({ plural }) => plural === 'customers');
  if (problem) {
    return (
      <div className="lx-page">
        <div className="lx-card">
          <ErrorNote problem={problem} again={() => void loadMeta()} />
        </div>
      </div>
    );
  }
  if (!meta) return <Bones rows={10} />;
  if (!resource) return <NoRight page={t('nav.customers')} right={t('nav.customers')} />;
  return (
    <Suspense fallback={<Bones rows={10} />}>
      <Routes>
        <Route index element={<ResourceList resource={{ ...resource, help: resource.help ?? { zh: t('customer.about'), en: t('customer.about') } }} onOpen={(row) => void go(`/customers/${row.id}`)} onMade={(id) => void go(`/customers/${id}`)} />} />
        <Route path=":id" element={<CustomerPage resource={resource} />} />
      </Routes>
    </Suspense>
  );
}
