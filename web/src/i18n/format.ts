// Times, spans and dates in each language's habit. Durations come in milliseconds, moments as RFC 3339 or Unix ms.
import { langStore } from '../store/prefs';
import { t } from './index';

const two = (n: number): string => String(n).padStart(2, '0');

// 02:14, from an hour 1:26:40.
export function clock(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${two(m)}:${two(s % 60)}`;
}

// On an axis: 4:12.
export function axisTime(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(s / 60)}:${two(s % 60)}`;
}

// 6 分 08 秒, 6 min 08 s.
export function span(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '—';
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return t('time.seconds', { s });
  if (s % 60 === 0 && s < 3600) return t('time.whole_minutes', { m: s / 60 });
  if (s < 3600) return t('time.minutes', { m: Math.floor(s / 60), s: two(s % 60) });
  return t('time.hours', { h: Math.floor(s / 3600), m: two(Math.floor((s % 3600) / 60)) });
}

export function toDate(at: string | number): Date {
  return new Date(at);
}

// 11-20 10:40 in tables.
export function shortMoment(at: string | number | null | undefined): string {
  if (at === null || at === undefined || at === '') return '—';
  const d = toDate(at);
  return `${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

export function timeOfDay(at: string | number): string {
  const d = toDate(at);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

// 11 月 20 日 周五 10:40:18, Fri 20 Nov 10:40:18.
export function longMoment(at: string | number | null | undefined): string {
  if (at === null || at === undefined || at === '') return '—';
  const d = toDate(at);
  const part = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(langStore.get(), options).format(d);
  const month = langStore.get() === 'en' ? part({ month: 'short' }) : d.getMonth() + 1;
  return t('time.moment', { weekday: part({ weekday: 'short' }), day: d.getDate(), month, time: timeOfDay(at) });
}

// In a narrow list: 10:40 today, else 11-12.
export function dayOrClock(at: string | number): string {
  const d = toDate(at);
  return d.toDateString() === new Date().toDateString() ? `${two(d.getHours())}:${two(d.getMinutes())}` : `${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

// 今天 10:40, else 11-12.
export function dayOrTime(at: string | number): string {
  const short = dayOrClock(at);
  return short.includes(':') ? t('time.today', { time: short }) : short;
}

export function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? '—' : new Intl.NumberFormat(langStore.get()).format(value);
}

export function decimal(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined) return '—';
  return new Intl.NumberFormat(langStore.get(), { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

// ¥1,234.56 of 123456 fen.
export function money(value: number | null | undefined, { code, digits }: { code: string; digits: number }): string {
  if (value === null || value === undefined) return '—';
  const style: Intl.NumberFormatOptions = { style: 'currency', currency: code, minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(langStore.get(), style).format(value / 10 ** digits);
}

// A stored number as people of this country read it: +8613800138000 is 138 0013 8000, +861088886666 is 010 8888 6666.
export function phoneText(number: string): string {
  const mobile = /^\+86(1[3-9]\d)(\d{4})(\d{4})$/.exec(number);
  if (mobile) return mobile.slice(1).join(' ');
  const service = /^\+86([48]00)(\d{3})(\d{4})$/.exec(number);
  if (service) return service.slice(1).join(' ');
  const line = /^\+86(10|2\d|[3-9]\d{2})(\d{3,4})(\d{4})$/.exec(number);
  return line ? `0${line.slice(1).join(' ')}` : number;
}
