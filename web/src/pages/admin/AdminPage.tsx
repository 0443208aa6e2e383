import { Navigate, Route, Routes } from 'react-router';
import { Bones } from '../../components/Bones';
import { ErrorNote } from '../../components/ErrorNote';
import { loadMeta, useMeta } from '../../store/meta';
import { AuditPage } from '../audit/AuditPage';
import './admin.css';
import { AdminNav } from './AdminNav';
import { byArea, shownIn } from './areas';
import { FirstSteps } from './FirstSteps';
import { ResourcePage } from './ResourcePage';

export function AdminPage() {
  const { meta, problem } = useMeta();
  if (problem) {
    return (
      <div className="lx-page">
        <div className="lx-card">
          <ErrorNote problem={problem} again={() => void loadMeta()} />
        </div>
      </div>
    );
  }
  if (!meta) return <Bones />;
  const resources = shownIn(meta);
  return (
    <div className="admin">
      <AdminNav resources={resources} />
      <div className="admin-rest">
        {resources.some((each) => each.plural === 'dids' && each.rights.create) && <FirstSteps />}
        <Routes>
          <Route index element={<Navigate to={byArea(resources)[0]?.[1][0]?.plural ?? ''} replace />} />
          <Route path="audit" element={<AuditPage />} />
          <Route path="customers" element={<Navigate to="/customers" replace />} />
          <Route path=":plural" element={<ResourcePage />} />
        </Routes>
      </div>
    </div>
  );
}
