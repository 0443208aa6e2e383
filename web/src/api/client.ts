// One way to the server: JSON both ways, the cookie carries the sign-in. A 401 outside the sign-in ends the session on
// the page too; everything else is the caller's to show.
import { Problem, problemOf } from './problem';
import type { Uploaded } from './shapes';

export const base = '/api/v1';

let onSignedOut: () => void = () => {};

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  etag?: string | null;
  signal?: AbortSignal;
}

export interface Answer<T> {
  body: T;
  etag: string | null;
}

// A file goes as it is, everything else as JSON.
function bodyOf(body: unknown, headers: Record<string, string>): Blob | string | undefined {
  if (body === undefined) return undefined;
  const file = body instanceof Blob;
  headers['Content-Type'] = file ? 'application/octet-stream' : 'application/json';
  return file ? body : JSON.stringify(body);
}

export async function ask<T>(path: string, { method = 'GET', body, etag, signal }: Ask = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const sent = bodyOf(body, headers);
  if (etag) headers['If-Match'] = etag;
  let response: Response;
  try {
    response = await fetch(base + path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(sent === undefined ? {} : { body: sent }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, 'network', String(error));
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.status === 401 && path !== '/session') onSignedOut();
    throw problem;
  }
  const text = response.status === 204 ? '' : await response.text();
  return { body: (text === '' ? undefined : JSON.parse(text)) as T, etag: response.headers.get('ETag') };
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await ask<T>(path, signal ? { signal } : {})).body;
}

export async function send<T = unknown>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return (await ask<T>(path, { method, body })).body;
}

export function upload(file: File): Promise<Uploaded> {
  return send<Uploaded>('POST', `/files${queryString({ name: file.name })}`, file);
}

export type Query = Record<string, string | number | string[] | null | undefined>;

export function queryString(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) params.append(name, String(each));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
