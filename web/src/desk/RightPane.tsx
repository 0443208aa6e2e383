// The right column: the customer, and beside him the page of another system where the centre has one.
import { Segmented } from 'antd';
import { useState } from 'react';
import { useT } from '../i18n';
import { CustomerPane } from './CustomerPane';
import { useContactId } from './me';
import { PopBlocked, PopFrame } from './PopFrame';
import { usePop } from './usePop';

export function RightPane() {
  const t = useT();
  const id = useContactId();
  const pop = usePop();
  const [tab, setTab] = useState<'customer' | 'pop'>('pop');
  if (!id || !pop.path) return <CustomerPane />;
  if (pop.how === 'window')
    return (
      <div className="desk-right-pair">
        <PopBlocked path={pop.path} blocked={pop.blocked} />
        <CustomerPane />
      </div>
    );
  return (
    <div className="desk-right-pair">
      <Segmented
        block
        aria-label={t('desk.customer')}
        value={tab}
        onChange={setTab}
        options={[
          { value: 'pop', label: t('pop.tab') },
          { value: 'customer', label: t('desk.customer') },
        ]}
      />
      {tab === 'pop' ? <PopFrame key={id} path={pop.path} /> : <CustomerPane />}
    </div>
  );
}
