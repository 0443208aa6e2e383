// Records found by what is typed: one request after a short pause; an answer that comes too late is thrown away.
import { useEffect, useState } from 'react';
import { get, queryString } from '../api/client';
import type { Meta } from '../api/shapes';
import type { IconName } from '../components/iconPaths';
import { labelOf, t } from '../i18n';
import { shortMoment } from '../i18n/format';
import { callerText } from '../i18n/number';
import { placeOf } from '../store/places';
import type { Entry } from './entries';

interface FoundItem {
  resource: string;
  id: string;
  title: string | null;
  subtitle: string | null;
  kind?: string;
}

const icons: Record<string, IconName> = { customers: 'user', users: 'consult', agents: 'desk', teams: 'three', queues: 'queue', dids: 'link', interactions: 'phone' };
const pause_ms = 150;
const moment = /^\d{4}-\d\d-\d\dT/;

interface Found {
  text: string;
  entries: Entry[];
  failed: boolean;
}

export function iconOf(plural: string): IconName {
  return icons[plural] ?? 'list';
}

export function entryOf({ resource, id, title, subtitle, kind }: FoundItem): Entry {
  const name = resource === 'interactions' ? callerText(title ?? '') : (title ?? id);
  const hint = subtitle !== null && moment.test(subtitle) ? shortMoment(subtitle) : (subtitle ?? '');
  return { key: `${resource}/${id}`, group: resource, name, hint: [kind === 'prospect' ? t('customer.prospect') : '', hint].filter(Boolean).join(' · '), icon: iconOf(resource), path: placeOf(resource, id) ?? '' };
}

const nothing: Found = { text: '', entries: [], failed: false };

export function useRecords(text: string): Found & { loading: boolean } {
  const [found, setFound] = useState<Found>(nothing);
  useEffect(() => {
    if (text === '') return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      get<{ items: FoundItem[] }>(`/search${queryString({ q: text })}`, abort.signal).then(
        ({ items }) => setFound({ text, entries: items.map(entryOf), failed: false }),
        () => !abort.signal.aborted && setFound({ text, entries: [], failed: true }),
      );
    }, pause_ms);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  return text === '' ? { ...nothing, loading: false } : { ...found, loading: found.text !== text };
}

export function groupName(meta: Meta | null, group: string): string {
  return labelOf(meta?.resources.find(({ plural }) => plural === group)?.labels);
}
