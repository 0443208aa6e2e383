// Keys of a page: one letter while no field has the focus. A dialog or an open list keeps its keys to itself.
import { useEffect, useRef } from 'react';

export type Keys = Record<string, (() => void) | undefined>;

export function typingIn(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, [role=combobox], [role=listbox], [role=menu], .ant-modal') !== null;
}

function nameOf(event: KeyboardEvent): string {
  const plain = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.altKey ? `Alt+${plain}` : plain;
}

const everywhere = /^(F\d+|Alt\+|Escape)/;

export function useKeys(keys: Keys): void {
  const held = useRef(keys);
  useEffect(() => {
    held.current = keys;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.repeat) return;
      const name = nameOf(event);
      if (typingIn(event.target) && !everywhere.test(name)) return;
      if ((name === 'Enter' || name === ' ') && event.target instanceof HTMLElement && event.target.closest('button, a')) return;
      const run = held.current[name];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
