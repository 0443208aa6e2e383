// Telephone numbers as they are stored, and as people read them.
import { expect, it } from 'vitest';
import { phoneText } from '../../src/i18n/format';

it('groups the digits of Chinese numbers and leaves others alone', () => {
  expect(phoneText('+8613800138000')).toBe('138 0013 8000');
  expect(phoneText('+861088886666')).toBe('010 8888 6666');
  expect(phoneText('+8675526770000')).toBe('0755 2677 0000');
  expect(phoneText('+864008001234')).toBe('400 800 1234');
  expect(phoneText('+16502530000')).toBe('+16502530000');
  expect(phoneText('10086')).toBe('10086');
});
