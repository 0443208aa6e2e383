// Who is perhaps known already, while a new customer is written: by number, mail, identity and name, and why.
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { get, queryString } from '../api/client';
import type { Row } from '../api/shapes';
import { Tier } from '../components/Tier';
import { textOf } from '../fields/types';
import { useT } from '../i18n';
import './merge.css';
import { Reasons, type Alike } from './Reasons';

const pause_ms = 250;

function texts(list: unknown, name: string): string[] {
  return Array.isArray(list) ? list.map((each) => textOf((each as Record<string, unknown>)[name]).trim()).filter((text) => text !== '') : [];
}

// null: too little is known of him.
export function personQuery(values: Record<string, unknown>): string | null {
  const name = textOf(values.name).trim();
  const query = { name: name.length > 1 ? name : null, number: texts(values.numbers, 'number'), mail: texts(values.mails, 'mail'), identity: textOf(values.identity).trim() || null };
  const question = queryString(query);
  return question === '' ? null : question;
}

// Whose name begins so, while it is being typed.
async function named(name: string, signal: AbortSignal): Promise<Alike[]> {
  if (name.length < 2) return [];
  const { items } = await get<{ items: Row[] }>(`/customers${queryString({ q: name, limit: '3' })}`, signal);
  return items.map((one) => ({ id: one.id, version: Number(one.version), name: textOf(one.name), kind: textOf(one.kind), tier: textOf(one.tier), number: texts(one.numbers, 'number')[0] ?? null, reasons: [] }));
}

export function useAlike(values: Record<string, unknown>): Alike[] {
  const [found, setFound] = useState<{ question: string | null; items: Alike[] }>({ question: null, items: [] });
  const question = personQuery(values);
  useEffect(() => {
    if (question === null) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      Promise.all([get<{ items: Alike[] }>(`/customers/duplicates${question}`, abort.signal), named(textOf(values.name).trim(), abort.signal)]).then(
        ([{ items }, more]) => setFound({ question, items: [...items, ...more.filter(({ id }) => items.every((one) => one.id !== id))] }),
        () => !abort.signal.aborted && setFound({ question, items: [] }),
      );
    }, pause_ms);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [question, values.name]);
  return question === null ? [] : found.items;
}

export function Perhaps({ values, onPick }: { values: Record<string, unknown>; onPick?: (one: Alike) => void }) {
  const t = useT();
  const items = useAlike(values);
  if (items.length === 0) return null;
  return (
    <div className="perhaps" role="status">
      <p className="lx-12 lx-t2">{t('customer.is_perhaps')}</p>
      {items.map((each) => (
        <div key={each.id} className="lx-row" data-perhaps={each.id}>
          {onPick ? (
            <span className="lx-cut">{each.name}</span>
          ) : (
            <Link to={`/customers/${each.id}`} className="lx-cut">
              {each.name}
            </Link>
          )}
          <Tier tier={each.tier} />
          <span className="lx-t3 lx-12 lx-cut lx-grow">{textOf(each.number)}</span>
          <Reasons reasons={each.reasons} />
          {onPick && (
            <Button size="small" onClick={() => onPick(each)}>
              {t('customer.add_number')}
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}
