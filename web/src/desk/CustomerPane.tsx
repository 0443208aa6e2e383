import { Button } from 'antd';
import { useState } from 'react';
import type { Id } from '../api/shapes';
import { Empty } from '../components/Empty';
import { Icon } from '../components/Icon';
import '../customer/customer.css';
import { CustomerCard } from '../customer/CustomerCard';
import { isMasked } from '../customer/Masked';
import { NewCustomer } from '../customer/NewCustomer';
import { Timeline } from '../customer/Timeline';
import { t, useT } from '../i18n';
import { isNumber } from '../i18n/number';
import { can, useResource } from '../store/meta';
import { DialLink } from './DialLink';
import { useContactCall, useContactId } from './me';
import { useParty, type Party } from './party';
import { useDetail } from './useDetail';

function unknownWords({ internal, number }: Party): { title: string; text: string } {
  if (internal) return { title: t('customer.internal'), text: t('customer.internal_what') };
  if (!isNumber(number) && !isMasked(number)) return { title: number, text: t('customer.no_number_what') };
  return { title: t('customer.unknown'), text: t('customer.unknown_what') };
}

function Unknown({ party, current, onKnown }: { party: Party; current: Id | null; onKnown: (id: Id) => void }) {
  const t = useT();
  const [making, setMaking] = useState(false);
  const resource = useResource('customers');
  const { title, text } = unknownWords(party);
  const masked = isMasked(party.number);
  const known = isNumber(party.number) || masked;
  return (
    <>
      <div className="customer-head">
        <div className="lx-row">
          <h2 className="lx-16">{title}</h2>
          {known && <DialLink number={party.number} {...(masked && current ? { by: { interaction: current } } : {})} />}
        </div>
        <p className="lx-t2">{text}</p>
        {known && !masked && !party.internal && can(resource, 'create') && !making && (
          <Button data-act="new-customer" icon={<Icon name="plus" size={14} />} onClick={() => setMaking(true)}>
            {t('customer.create')}
          </Button>
        )}
        {making && resource && <NewCustomer resource={resource} number={party.number} onDone={onKnown} onCancel={() => setMaking(false)} />}
      </div>
      {known && !masked && <Timeline customer={null} number={party.number} current={current} />}
    </>
  );
}

function Pane({ id }: { id: Id }) {
  const call = useContactCall();
  const detail = useDetail(id);
  const party = useParty(call, detail);
  const [made, setMade] = useState<Id | null>(null);
  const customer = call?.customer ?? detail?.customer ?? made;
  if (customer) return <CustomerCard key={customer} id={customer} current={id} />;
  return party.number === '' ? null : <Unknown party={party} current={id} onKnown={setMade} />;
}

export function CustomerPane() {
  useT();
  const id = useContactId();
  return (
    <section className="desk-pane desk-right" aria-label={t('desk.customer')}>
      {id ? <Pane key={id} id={id} /> : <Empty icon="user" title={t('customer.none')} text={t('customer.none_what')} />}
    </section>
  );
}
