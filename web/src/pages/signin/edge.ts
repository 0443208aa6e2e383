// Tests the phone's socket before anybody relies on it: a browser refuses an unknown certificate on a second port
// without a word, so the page has to ask and to say what to do.
import { get } from '../../api/client';
import type { Visitor } from '../../api/shapes';

export type EdgeTest =
  | { state: 'testing' }
  | { state: 'ok'; ms: number }
  | { state: 'failed'; url: string; secure: boolean; authority: string | null };

const patience_ms = 5000;

export function httpOf(ws: string): string {
  return ws.replace(/^ws/, 'http').replace(/\/sip$/, '/');
}

function opens(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const socket = new WebSocket(url, 'sip');
    const timer = setTimeout(() => {
      socket.close();
      reject(new Error('timeout'));
    }, patience_ms);
    socket.onopen = () => {
      clearTimeout(timer);
      socket.close();
      resolve(Math.round(performance.now() - start));
    };
    socket.onerror = () => {
      clearTimeout(timer);
      reject(new Error('refused'));
    };
  });
}

export async function testEdge(): Promise<EdgeTest> {
  let ws = '';
  let authority: string | null = null;
  try {
    ({ ws, authority } = await get<Visitor>('/visitor'));
    return { state: 'ok', ms: await opens(ws) };
  } catch {
    const secure = ws.startsWith('wss:');
    return { state: 'failed', url: ws === '' ? location.host : httpOf(ws), secure, authority };
  }
}
