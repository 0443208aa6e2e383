// Records found by what is typed: each kind that the reader may see is asked, a few of each.
import { useEffect, useState } from 'react';
import { get, queryString } from '../api/client';
import type { Meta, Page, ResourceMeta, Row } from '../api/shapes';
import type { IconName } from '../components/iconPaths';
import { labelOf } from '../i18n';
import { shortMoment } from '../i18n/format';
import { callerText } from '../i18n/number';
import { titleOf } from '../store/meta';
import { placeOf } from '../store/places';
import type { Entry } from './entries';

const kinds = ['customers', 'users', 'agents', 'teams', 'queues', 'interactions'];
const icons: Record<string, IconName> = { customers: 'user', users: 'consult', agents: 'desk', teams: 'three', queues: 'queue', interactions: 'phone' };
const each_kind = 5;
const pause_ms = 150;

interface Found {
  text: string;
  entries: Entry[];
  failed: boolean;
}

const textIn = (row: Row, names: string[]) => names.map((name) => row[name]).filter((value) => typeof value === 'string' && value !== '');

function hintOf(plural: string, row: Row): string {
  if (plural === 'interactions') return [shortMoment(String(row.started)), row.queue_name, row.agent_name].filter(Boolean).join(' · ');
  const numbers = Array.isArray(row.numbers) ? (row.numbers as Row[]).map(({ number }) => String(number)) : [];
  return [...numbers.slice(0, 2), ...textIn(row, ['full_name', 'number', 'extension', 'team_name'])].join(' · ');
}

function entryOf(resource: ResourceMeta, row: Row): Entry {
  const { plural } = resource;
  const name = plural === 'interactions' ? String(row.customer_name ?? callerText(String((row.direction === 'outbound' ? row.to : row.from) ?? ''))) : titleOf(resource, row);
  return { key: `${plural}/${row.id}`, group: plural, name, hint: hintOf(plural, row), icon: icons[plural] ?? 'list', path: placeOf(plural, row.id) ?? '' };
}

export function iconOf(plural: string): IconName {
  return icons[plural] ?? 'list';
}

async function ask(resource: ResourceMeta, text: string, signal: AbortSignal): Promise<Entry[]> {
  const sort = resource.plural === 'interactions' ? '-started' : null;
  const page = await get<Page<Row>>(`/${resource.plural}${queryString({ q: text, limit: each_kind, sort })}`, signal);
  return page.items.map((row) => entryOf(resource, row));
}

const nothing: Found = { text: '', entries: [], failed: false };

export function useRecords(meta: Meta | null, text: string): Found & { loading: boolean } {
  const [found, setFound] = useState<Found>(nothing);
  useEffect(() => {
    if (text === '' || !meta) return;
    const abort = new AbortController();
    const asked = kinds.map((plural) => meta.resources.find((each) => each.plural === plural)).filter((each): each is ResourceMeta => each !== undefined && each.fields.some(({ search }) => search));
    const timer = setTimeout(() => {
      void Promise.allSettled(asked.map((each) => ask(each, text, abort.signal))).then((answers) => {
        if (abort.signal.aborted) return;
        setFound({ text, entries: answers.flatMap((each) => (each.status === 'fulfilled' ? each.value : [])), failed: answers.some(({ status }) => status === 'rejected') });
      });
    }, pause_ms);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [meta, text]);
  return text === '' ? { ...nothing, loading: false } : { ...found, loading: found.text !== text };
}

export function groupName(meta: Meta | null, group: string): string {
  return labelOf(meta?.resources.find(({ plural }) => plural === group)?.labels);
}
