// An agent's day: contacts at the left, the contact in the middle, the customer at the right. Columns keep their widths;
// on a narrow screen the customer folds into a tab.
import { Segmented, Splitter } from 'antd';
import { useState } from 'react';
import { ErrorNote } from '../components/ErrorNote';
import { KeysHelp, type KeyRow } from '../components/KeysHelp';
import { useMedia } from '../components/useMedia';
import { useT } from '../i18n';
import { useStore } from '../store/create';
import { readPref, writePref } from '../store/prefs';
import { ContactList } from './ContactList';
import { ContactPane } from './ContactPane';
import './desk.css';
import { LineNotice } from './LineNotice';
import { loadMe, meStore } from './me';
import { RightPane } from './RightPane';

const keys: KeyRow[] = [
  ['F8', 'keys.state'],
  ['F9', 'phone.dial_hint'],
  ['Enter / A', 'phone.answer'],
  ['X', 'phone.refuse'],
  ['M', 'phone.mute'],
  ['H', 'phone.hold'],
  ['T', 'phone.transfer'],
  ['C', 'phone.consult'],
  ['J', 'phone.conference'],
  ['K', 'phone.keys'],
  ['Q', 'phone.hangup'],
  ['1–9', 'keys.results'],
  ['E', 'wrap.finish'],
  ['Esc', 'keys.close'],
];

function widths(): [number, number] {
  const [left, right] = (readPref('desk.columns') ?? '').split(',').map(Number);
  return [left && left > 0 ? left : 252, right && right > 0 ? right : 388];
}

function Narrow() {
  const t = useT();
  const [tab, setTab] = useState<'contact' | 'customer'>('contact');
  return (
    <div className="desk-narrow">
      <ContactList />
      <div className="desk-tabs">
        <Segmented
          aria-label={t('desk.title')}
          value={tab}
          onChange={setTab}
          options={[
            { value: 'contact', label: t('desk.contact') },
            { value: 'customer', label: t('desk.customer') },
          ]}
        />
        {tab === 'contact' ? <ContactPane /> : <RightPane />}
      </div>
    </div>
  );
}

function Wide() {
  const [first] = useState(widths);
  return (
    <Splitter className="desk-split" onResizeEnd={(sizes) => writePref('desk.columns', `${Math.round(sizes[0] ?? 0)},${Math.round(sizes[2] ?? 0)}`)}>
      <Splitter.Panel defaultSize={first[0]} min={210} max={340}>
        <ContactList />
      </Splitter.Panel>
      <Splitter.Panel min={480}>
        <ContactPane />
      </Splitter.Panel>
      <Splitter.Panel defaultSize={first[1]} min={300} max={520}>
        <RightPane />
      </Splitter.Panel>
    </Splitter>
  );
}

export function DeskPage() {
  const t = useT();
  const narrow = useMedia('(max-width: 1180px)');
  const problem = useStore(meStore, (s) => (s.me ? null : s.problem));
  return (
    <div className="desk">
      <h1 className="lx-sr">{t('desk.title')}</h1>
      {problem && <ErrorNote problem={problem} again={() => void loadMe()} />}
      <KeysHelp rows={keys} />
      <LineNotice />
      {narrow ? <Narrow /> : <Wide />}
    </div>
  );
}
