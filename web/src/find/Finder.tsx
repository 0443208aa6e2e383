// Ctrl+K: one field that finds customers, people, queues, contacts, pages and things to do; keys alone are enough.
import { Modal } from 'antd';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import { Icon } from '../components/Icon';
import { Kbd } from '../components/Kbd';
import { tWord, useT } from '../i18n';
import { useMeta } from '../store/meta';
import { useSession } from '../store/session';
import { fixedEntries, matches, type Entry } from './entries';
import './find.css';
import { recentOnes, rememberOpened } from './recent';
import { groupName, iconOf, useRecords } from './useRecords';

function useEntries(text: string): { entries: Entry[]; loading: boolean; failed: boolean } {
  const session = useSession();
  const { meta } = useMeta();
  const { entries: records, loading, failed } = useRecords(text);
  const fixed = session ? fixedEntries(session, meta) : [];
  if (text === '') {
    const recent = recentOnes().map((one): Entry => ({ key: `recent/${one.path}`, group: 'recent', name: one.name, hint: groupName(meta, one.kind), icon: iconOf(one.kind), path: one.path }));
    return { entries: [...recent, ...fixed.filter(({ group }) => group === 'pages')], loading: false, failed: false };
  }
  return { entries: [...records, ...fixed.filter((entry) => matches(entry, text))], loading, failed };
}

interface LineProps {
  entry: Entry;
  head: string | null;
  id: string;
  on: boolean;
  onPick: () => void;
  onOver: () => void;
}

function Line({ entry, head, id, on, onPick, onOver }: LineProps) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (on) line.current?.scrollIntoView({ block: 'nearest' });
  }, [on]);
  return (
    <>
      {head && (
        <div className="find-group" role="presentation">
          {head}
        </div>
      )}
      <div ref={line} id={id} role="option" aria-selected={on} data-found={entry.key} className={`find-line ${on ? 'find-on' : ''}`} onMouseMove={onOver} onClick={onPick}>
        <Icon name={entry.icon} size={14} />
        <span className="lx-cut">{entry.name}</span>
        {entry.hint && <span className="lx-cut lx-t3 lx-12">{entry.hint}</span>}
        {on && <Kbd>Enter</Kbd>}
      </div>
    </>
  );
}

function usePick(onClose: () => void) {
  const go = useNavigate();
  return (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    const [kind, id] = entry.key.replace(/^recent\//, '').split('/');
    if (entry.path && kind === entry.group && id) rememberOpened({ kind, id, name: entry.name, path: entry.path });
    if (entry.path) void go(entry.path);
    entry.run?.();
  };
}

export function Finder({ onClose }: { onClose: () => void }) {
  const t = useT();
  const { meta } = useMeta();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { entries, loading, failed } = useEntries(text.trim());
  const pick = usePick(onClose);
  const here = Math.min(at, Math.max(0, entries.length - 1));
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.nativeEvent.isComposing) return;
    if (step !== 0 && entries.length > 0) {
      event.preventDefault();
      setAt((here + step + entries.length) % entries.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      pick(entries[here]);
    }
  };
  const headOf = (group: string) => groupName(meta, group) || tWord('find', group);
  const quiet = entries.length === 0 && !loading;
  return (
    <Modal open title={null} footer={null} closable={false} width={620} className="find" style={{ top: 72 }} onCancel={onClose} aria-label={t('find.title')} transitionName="" maskTransitionName="">
      <div className="find-field">
        <Icon name="find" />
        <input
          autoFocus
          role="combobox"
          aria-label={t('find.title')}
          aria-expanded={entries.length > 0}
          aria-controls="find-list"
          aria-activedescendant={entries[here] ? `find-${here}` : undefined}
          placeholder={t('find.hint')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        <Kbd>Esc</Kbd>
      </div>
      <div id="find-list" role="listbox" aria-label={t('find.title')} aria-busy={loading} className={`find-list ${loading ? 'lx-old' : ''}`}>
        {entries.map((entry, i) => (
          <Line
            key={entry.key}
            entry={entry}
            head={entries[i - 1]?.group === entry.group ? null : headOf(entry.group)}
            id={`find-${i}`}
            on={i === here}
            onPick={() => pick(entry)}
            onOver={() => i !== here && setAt(i)}
          />
        ))}
      </div>
      {quiet && <p className="find-none lx-t2">{t('find.none', { text: text.trim() })}</p>}
      {failed && <p className="find-none lx-over">{t('find.failed')}</p>}
    </Modal>
  );
}
