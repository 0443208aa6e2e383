// Who is at the other end, from what is known: the live call first, then the contact's record.
import { callerText } from '../i18n/number';

interface Known {
  direction: string;
  from: string;
  to: string;
  name?: string | null;
  customer_name?: string | null;
}

export interface Party {
  who: string;
  number: string;
  outbound: boolean;
}

export function partyOf(...known: (Known | null | undefined)[]): Party {
  const first = known.find((each) => each);
  if (!first) return { who: '', number: '', outbound: false };
  const outbound = first.direction === 'outbound';
  const number = outbound ? first.to : callerText(first.from);
  const name = known.map((each) => each?.name ?? each?.customer_name).find((each) => each);
  return { who: name ?? number, number, outbound };
}
