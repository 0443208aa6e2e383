// The result by number, usable before the call ends; after it the time left shrinks and one key ends the work.
import { App, Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useKeys } from '../actions/useKeys';
import { send } from '../api/client';
import { asProblem } from '../api/problem';
import type { InteractionDetail } from '../api/shapes';
import { problemTitle } from '../components/ErrorNote';
import { Kbd } from '../components/Kbd';
import { useT } from '../i18n';
import { useStore } from '../store/create';
import { entryName, useDirectory, type Entry } from '../store/directory';
import { panelStore } from '../store/panel';
import { flushDraft } from './drafts';
import { WrapUpTime } from './WrapUpTime';

interface Props {
  id: string;
  detail: InteractionDetail | undefined;
  wrapUp: boolean;
  finish: (() => void) | undefined;
}

export function inOrder(rows: Entry[]): Entry[] {
  return [...rows].sort((a, b) => Number(a.number ?? 0) - Number(b.number ?? 0));
}

export function ResultPicker({ id, detail, wrapUp, finish }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const results = inOrder(Object.values(useDirectory('dispositions')));
  const keypad = useStore(panelStore, (panel) => panel === 'keys');
  const [chosen, setChosen] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const result = chosen ?? detail?.result ?? null;
  const choose = (row: Entry) => {
    setChosen(row.id);
    send('PATCH', `/interactions/${id}`, { result: row.id }).catch((error: unknown) => {
      setChosen(null);
      void message.error(problemTitle(asProblem(error)));
    });
  };
  const end = finish && (() => {
    flushDraft(id);
    finish();
  });
  const numbers = results.slice(0, 9).map((row, i) => [String(row.number ?? i + 1), () => choose(row)] as const);
  useKeys({ ...(keypad ? {} : Object.fromEntries(numbers)), e: end });
  useEffect(() => {
    if (wrapUp) box.current?.querySelector<HTMLButtonElement>('button')?.focus();
  }, [wrapUp]);
  return (
    <div className="lx-card work-part" ref={box}>
      <div className="lx-row work-part-head">
        <h3>{t('wrap.title')}</h3>
        <span className="lx-12 lx-t2 lx-cut">{wrapUp ? t('wrap.after') : t('wrap.during')}</span>
        {wrapUp && <WrapUpTime />}
      </div>
      {results.length === 0 && <p className="lx-t3">{t('wrap.none')}</p>}
      <div className="results" role="group" aria-label={t('wrap.results')}>
        {results.map((row, i) => (
          <button
            key={row.id}
            type="button"
            className={`opt ${result === row.id ? 'opt-on' : ''}`}
            aria-pressed={result === row.id}
            data-result={row.number ?? i + 1}
            onClick={() => choose(row)}
          >
            <span className="lx-t3">{row.number ?? i + 1}</span>
            <span className="lx-cut">{entryName(row)}</span>
          </button>
        ))}
      </div>
      {wrapUp && (
        <div className="lx-row wrap-end">
          <Button type="primary" data-act="finish" disabled={!end} onClick={end}>
            {t('wrap.finish')} <Kbd>E</Kbd>
          </Button>
        </div>
      )}
    </div>
  );
}
