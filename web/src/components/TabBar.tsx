// Tabs in a line; arrows go from one to the next, as everywhere.
import { useRef, type KeyboardEvent } from 'react';

export interface Tab<K extends string> {
  key: K;
  label: string;
  n?: number | null;
  wrong?: boolean;
}

interface Props<K extends string> {
  label: string;
  tabs: Tab<K>[];
  value: K;
  onChange: (key: K) => void;
}

export function TabBar<K extends string>({ label, tabs, value, onChange }: Props<K>) {
  const bar = useRef<HTMLDivElement>(null);
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const at = tabs.findIndex(({ key }) => key === value);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    onChange(next.key);
    bar.current?.querySelector<HTMLElement>(`[data-tab="${next.key}"]`)?.focus();
  };
  return (
    <div ref={bar} className="lx-tabs" role="tablist" aria-label={label} onKeyDown={onKey}>
      {tabs.map(({ key, label: name, n, wrong }) => (
        <button key={key} type="button" role="tab" className="lx-plain lx-tab" data-tab={key} aria-selected={key === value} tabIndex={key === value ? 0 : -1} onClick={() => onChange(key)}>
          {name}
          {n !== undefined && n !== null && <span className="lx-t3 lx-12">{n}</span>}
          {wrong && <span className="lx-over">◆</span>}
        </button>
      ))}
    </div>
  );
}
