import { t } from './index';

// A caller's number as people read it: a visitor's page and a hidden number have a word instead.
export const isNumber = (text: string): boolean => /^[\d*#+]+$/.test(text);

export function callerText(number: string | null): string {
  if (number === 'visitor') return t('calls.visitor');
  return !number || number === 'anonymous' ? t('calls.anonymous') : number;
}
