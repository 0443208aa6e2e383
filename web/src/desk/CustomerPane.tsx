import { Empty } from '../components/Empty';
import { ErrorNote } from '../components/ErrorNote';
import { Tier } from '../components/Tier';
import { t, tWord, useT } from '../i18n';
import { isNumber } from '../i18n/number';
import { useLoad } from '../api/useLoad';
import type { Id } from '../api/shapes';
import type { Customer } from '../api/types';
import { DialLink } from './DialLink';
import { useContactCall, useContactId } from './me';
import { useParty, type Party } from './party';
import { Timeline } from './Timeline';
import { useDetail } from './useDetail';

function Known({ id, current }: { id: Id; current: Id | null }) {
  useT();
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
            {value.numbers.map(({ number }) => (
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

function unknownWords({ internal, number }: Party): { title: string; text: string } {
  if (internal) return { title: t('customer.internal'), text: t('customer.internal_what') };
  if (!isNumber(number)) return { title: number, text: t('customer.no_number_what') };
  return { title: t('customer.unknown'), text: t('customer.unknown_what') };
}

function Unknown({ party, current }: { party: Party; current: Id | null }) {
  const { title, text } = unknownWords(party);
  const known = isNumber(party.number);
  return (
    <>
      <div className="customer-head">
        <div className="lx-row">
          <h2 className="lx-16">{title}</h2>
          {known && <DialLink number={party.number} />}
        </div>
        <p className="lx-t2">{text}</p>
      </div>
      {known && <Timeline customer={null} number={party.number} current={current} />}
    </>
  );
}

function Pane({ id }: { id: Id }) {
  const call = useContactCall();
  const detail = useDetail(id);
  const party = useParty(call, detail);
  const customer = call?.customer ?? detail?.customer ?? null;
  if (customer) return <Known id={customer} current={id} />;
  return party.number === '' ? null : <Unknown party={party} current={id} />;
}

export function CustomerPane() {
  useT();
  const id = useContactId();
  return (
    <section className="desk-pane desk-right" aria-label={t('desk.customer')}>
      {id ? <Pane id={id} /> : <Empty icon="user" title={t('customer.none')} text={t('customer.none_what')} />}
    </section>
  );
}
