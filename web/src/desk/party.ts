// Who is at the other end, from what is known: the live call first, then the contact's record. A call within the house
// has two ends of ours; the other one is not mine.
import { callerText } from '../i18n/number';
import { useDirectory, type Entry } from '../store/directory';
import { useMe } from './me';

export interface Known {
  direction: string;
  from: string | null;
  to: string | null;
  name?: string | null;
  customer_name?: string | null;
}

export interface Party {
  who: string;
  number: string;
  outbound: boolean;
  internal: boolean;
}

export interface House {
  extension: string;
  colleagues: Entry[];
}

const nobody: House = { extension: '', colleagues: [] };

function nameIn(known: (Known | null | undefined)[]): string | null {
  return known.map((each) => each?.name ?? each?.customer_name).find((each) => each) ?? null;
}

export function partyOf(known: (Known | null | undefined)[], house: House = nobody): Party {
  const first = known.find((each) => each);
  if (!first) return { who: '', number: '', outbound: false, internal: false };
  const internal = first.direction === 'internal';
  const outbound = first.direction === 'outbound' || (internal && first.from === house.extension);
  const number = outbound ? (first.to ?? '') : callerText(first.from);
  const colleague = internal ? house.colleagues.find((each) => each.extension === number)?.name : null;
  return { who: nameIn(known) ?? colleague ?? number, number, outbound, internal };
}

export function useParty(...known: (Known | null | undefined)[]): Party {
  const extension = useMe()?.agent.extension ?? '';
  const colleagues = Object.values(useDirectory('agents'));
  return partyOf(known, { extension, colleagues });
}
