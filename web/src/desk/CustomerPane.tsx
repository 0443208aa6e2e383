import { Empty } from '../components/Empty';
import { ErrorNote } from '../components/ErrorNote';
import { Tier } from '../components/Tier';
import { tWord, useT } from '../i18n';
import { useLoad } from '../api/useLoad';
import type { Id } from '../api/shapes';
import { DialLink } from './DialLink';
import { useContactCall, useContactId } from './me';
import { Timeline } from './Timeline';
import { useDetail } from './useDetail';

interface Customer {
  id: Id;
  name: string;
  tier: string | null;
  language: string | null;
  numbers?: { number: string; kind?: string }[];
  note?: string | null;
}

function Known({ id, current }: { id: Id; current: Id | null }) {
  const t = useT();
  const { value, problem, again } = useLoad<Customer>(`/customers/${id}`);
  if (problem && !value) return <ErrorNote problem={problem} again={again} />;
  if (!value) return null;
  return (
    <>
      <div className="customer-head">
        <div className="lx-row">
          <h2 className="lx-16 lx-cut">{value.name}</h2>
          <Tier tier={value.tier} />
        </div>
        <dl className="facts customer-facts">
          <dt>{t('customer.numbers')}</dt>
          <dd className="customer-numbers">
            {(value.numbers ?? []).map(({ number }) => (
              <DialLink key={number} number={number} />
            ))}
          </dd>
          {value.language && (
            <>
              <dt>{t('customer.language')}</dt>
              <dd>{tWord('lang', value.language)}</dd>
            </>
          )}
          {value.note && (
            <>
              <dt>{t('customer.note')}</dt>
              <dd className="customer-note">{value.note}</dd>
            </>
          )}
        </dl>
      </div>
      <Timeline customer={id} number={null} current={current} />
    </>
  );
}

function Unknown({ number, current }: { number: string; current: Id | null }) {
  const t = useT();
  return (
    <>
      <div className="customer-head">
        <div className="lx-row">
          <h2 className="lx-16">{t('customer.unknown')}</h2>
          {/^[\d*#+]+$/.test(number) && <DialLink number={number} />}
        </div>
        <p className="lx-t2">{t('customer.unknown_what')}</p>
      </div>
      <Timeline customer={null} number={number} current={current} />
    </>
  );
}

function Pane({ id }: { id: Id }) {
  const call = useContactCall();
  const detail = useDetail(id);
  const customer = call?.customer ?? detail?.customer ?? null;
  const party = call ?? detail;
  const number = party ? (party.direction === 'outbound' ? party.to : party.from) : null;
  if (customer) return <Known id={customer} current={id} />;
  return number ? <Unknown number={number} current={id} /> : null;
}

export function CustomerPane() {
  const t = useT();
  const id = useContactId();
  return (
    <section className="desk-pane desk-right" aria-label={t('desk.customer')}>
      {id ? <Pane id={id} /> : <Empty icon="user" title={t('customer.none')} text={t('customer.none_what')} />}
    </section>
  );
}
