// The descriptors of /api/v1/meta: read once a sign-in, drawn by lists and forms.
import { useEffect } from 'react';
import { get } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import type { Currency, Meta, ResourceMeta, Row } from '../api/shapes';
import { textIn } from '../fields/types';
import { labelOf } from '../i18n';
import { createStore, useStore } from './create';
import { langStore } from './prefs';
import { whenMetaChanged, whenOtherRights } from './live';
import { loadSession, sessionStore } from './session';

interface MetaState {
  meta: Meta | null;
  problem: Problem | null;
}

const metaStore = createStore<MetaState>({ meta: null, problem: null });
let asked = false;

export async function loadMeta(): Promise<void> {
  asked = true;
  try {
    metaStore.set({ meta: await get<Meta>('/meta'), problem: null });
  } catch (error) {
    asked = false;
    metaStore.set({ meta: null, problem: asProblem(error) });
  }
}

// What is known stays when the new one does not come: the next change asks again.
async function renewMeta(): Promise<void> {
  try {
    metaStore.set({ meta: await get<Meta>('/meta'), problem: null });
  } catch {
    return;
  }
}

sessionStore.subscribe(() => {
  if (sessionStore.get().session) return;
  asked = false;
  metaStore.set({ meta: null, problem: null });
});

export function useMeta(): MetaState {
  useEffect(() => {
    if (!asked) void loadMeta();
  }, []);
  return useStore(metaStore);
}

whenOtherRights(() => {
  void loadSession();
  if (asked) void loadMeta();
});

whenMetaChanged(() => {
  if (asked) void renewMeta();
});

export function resourceOf(plural: string): ResourceMeta | undefined {
  return metaStore.get().meta?.resources.find((each) => each.plural === plural);
}

export function resourceNamed(name: string): ResourceMeta | undefined {
  return metaStore.get().meta?.resources.find((each) => each.name === name);
}

export function useResource(plural: string): ResourceMeta | undefined {
  const { meta } = useMeta();
  return meta?.resources.find((each) => each.plural === plural);
}

const yuan: Currency = { code: 'CNY', digits: 2 };

export const currencyNow = (): Currency => metaStore.get().meta?.currency ?? yuan;

export function useCurrency(): Currency {
  return useMeta().meta?.currency ?? yuan;
}

export function titleOf(resource: ResourceMeta | undefined, row: Row): string {
  const name = resource?.title ?? 'name';
  const choices = resource?.fields.find((field) => field.name === name)?.choices;
  const value = row[name];
  const title = labelOf(choices?.find((each) => each.value === value)?.label) || textIn(value, langStore.get()) || value;
  return title === null || title === undefined || title === '' ? row.id : String(title);
}

// What nobody writes is read by its time.
export function isTrail({ rights }: ResourceMeta): boolean {
  return !rights.create && !rights.update;
}

export function can(resource: ResourceMeta | undefined, verb: string): boolean {
  return resource?.rights[verb] === true;
}
