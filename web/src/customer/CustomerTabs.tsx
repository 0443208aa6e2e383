import { useState } from 'react';
import type { Id, ResourceMeta } from '../api/shapes';
import { Empty } from '../components/Empty';
import { TabBar, type Tab } from '../components/TabBar';
import { useT } from '../i18n';
import { History } from '../record/History';
import { Relations } from '../record/Relations';
import { useResource } from '../store/meta';
import { CustomerFile } from './CustomerFile';
import { Timeline } from './Timeline';
import { Duplicates } from './Duplicates';
import type { CustomerState } from './useCustomer';

type Part = 'timeline' | 'file' | 'changes' | 'same' | 'relations';

function Changes({ resource, id, version }: { resource: ResourceMeta; id: Id; version: unknown }) {
  const t = useT();
  const audit = useResource('audit');
  if (!audit) return <Empty icon="lock" title={t('error.denied')} text={t('customer.no_history')} />;
  return <History key={String(version)} resource={resource} id={id} />;
}

interface Props {
  resource: ResourceMeta;
  state: CustomerState;
  current: Id | null;
  file?: boolean; // false where it stands beside
}

export function CustomerTabs({ resource, state, current, file = true }: Props) {
  const t = useT();
  const [part, setPart] = useState<Part>('timeline');
  const tabs: Tab<Part>[] = [
    { key: 'timeline', label: t('customer.timeline') },
    ...(file ? [{ key: 'file' as const, label: t('customer.file') }] : []),
    { key: 'changes', label: t('customer.changes') },
    ...(file ? [] : [{ key: 'same' as const, label: t('customer.same') }]),
    ...(file || state.value?.deleted ? [] : [{ key: 'relations' as const, label: t('relations.tab') }]),
  ];
  return (
    <>
      <div className="customer-tabs">
        <TabBar label={t('customer.title')} tabs={tabs} value={part} onChange={setPart} />
      </div>
      <div className="customer-part" role="tabpanel" aria-label={tabs.find(({ key }) => key === part)?.label}>
        {part === 'timeline' && <Timeline customer={state.id} number={null} current={current} head={false} />}
        {part === 'file' && <CustomerFile resource={resource} state={state} />}
        {part === 'same' && <Duplicates resource={resource} state={state} />}
        {part === 'relations' && <Relations key={String(state.value?.version)} resource={resource} id={state.id} />}
        {part === 'changes' && <Changes resource={resource} id={state.id} version={state.value?.version} />}
      </div>
    </>
  );
}
