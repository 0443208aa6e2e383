import type { Id, Interaction, Page } from '../api/shapes';
import { useLoad, type Load } from '../api/useLoad';
import { isNumber } from '../i18n/number';

// `hidden`: how many there are beside those that the reader may see.
export interface Contacts extends Page<Interaction> {
  hidden?: number;
}

// Earlier contacts: of the customer where he is known, else of the number.
export function useTimeline(customer: Id | null, number: string | null, limit = 20): Load<Contacts> {
  const byNumber = number && isNumber(number) ? `/interactions?from=${encodeURIComponent(number)}&sort=-started&limit=${limit}` : null;
  return useLoad<Contacts>(customer ? `/customers/${customer}/timeline?limit=${limit}` : byNumber);
}
