import { t } from './index';

// A caller's number as people read it: a visitor's page and a hidden number have a word instead.
export function callerText(number: string): string {
  if (number === 'visitor') return t('calls.visitor');
  return number === '' || number === 'anonymous' ? t('calls.anonymous') : number;
}
