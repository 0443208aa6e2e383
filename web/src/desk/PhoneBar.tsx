// Always in the same place, idle too. What cannot be done now is drawn disabled with the reason on hover.
import { App, Popover } from 'antd';
import { useEffect, type ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { useKeys } from '../actions/useKeys';
import { asProblem } from '../api/problem';
import type { Target } from '../api/shapes';
import { problemTitle } from '../components/ErrorNote';
import { Since } from '../components/Since';
import { useT } from '../i18n';
import { useStore } from '../store/create';
import { panelStore, togglePanel, type Panel } from '../store/panel';
import { actingStore, clearProblem, onCall, type Act } from './commands';
import './phonebar.css';
import { DialField } from './DialField';
import { Keypad } from './Keypad';
import { loadMe, useContactCall, useContactSince } from './me';
import { useParty } from './party';
import { PhoneButton } from './PhoneButton';
import { StateButton } from './StateButton';
import { TargetPicker } from './TargetPicker';
import { useAlert } from './useAlert';
import { useCallActions, type CallActions } from './useCallActions';

interface PanelProps {
  name: Exclude<Panel, null>;
  able: unknown;
  content: ReactElement;
  children: ReactElement;
}

function Panelled({ name, able, content, children }: PanelProps) {
  const open = useStore(panelStore, (panel) => panel === name);
  if (!able) return children;
  return (
    <Popover
      trigger={['click']}
      open={open}
      placement="bottom"
      destroyOnHidden
      content={content}
      onOpenChange={(made) => panelStore.set((old) => (made ? name : old === name ? null : old))}
    >
      {children}
    </Popover>
  );
}

function Who() {
  const t = useT();
  const call = useContactCall();
  const since = useContactSince();
  const { number } = useParty(call);
  if (!call) return <span className="phone-who lx-t3">{t('phone.idle')}</span>;
  return (
    <span className="phone-who">
      <b>
        <Since at={since} />
      </b>
      <span className="lx-12 lx-t3 lx-cut">{number}</span>
    </span>
  );
}

function useProblemNotice(): void {
  const { message } = App.useApp();
  const problem = useStore(actingStore, (a) => a.problem);
  useEffect(() => {
    if (!problem) return;
    void message.error(problemTitle(asProblem(problem)));
    clearProblem();
  }, [problem, message]);
}

// The card of a call that rings stands on the desk, wherever the agent is.
function useDeskWhenRinging(ringing: boolean): void {
  const go = useNavigate();
  useEffect(() => {
    if (ringing) void go('/desk');
  }, [ringing, go]);
}

function usePhoneKeys(acts: CallActions): void {
  const panel = (name: Panel, able: unknown) => (able ? () => togglePanel(name) : undefined);
  useKeys({
    m: acts.mute,
    h: acts.hold,
    t: acts.complete ?? panel('transfer', acts.hold),
    c: acts.cancelConsult ?? panel('consult', acts.hold),
    j: acts.three,
    k: panel('keys', acts.keys),
    q: acts.hangup,
    a: acts.answer,
    x: acts.refuse,
    Enter: acts.answer,
    F8: () => togglePanel('state'),
    Escape: () => panelStore.set(null),
  });
}

export function PhoneBar() {
  const t = useT();
  const acts = useCallActions();
  const pending = useStore(actingStore, (a) => a.pending);
  useEffect(() => {
    void loadMe();
  }, []);
  useProblemNotice();
  usePhoneKeys(acts);
  useAlert(acts.ringing);
  useDeskWhenRinging(acts.ringing);
  const { id, talking, consulting, conference } = acts;
  const why = talking && !acts.online ? t('phone.needs_server') : t('phone.not_now');
  const waits = (...names: Act[]) => names.includes(pending as Act);
  const send = (action: 'transfer' | 'consult') => (target: Target) => {
    panelStore.set(null);
    if (id) void onCall(id, action, { target });
  };
  const enabled = (able: unknown) => (able ? () => undefined : undefined);
  return (
    <section className="phone" aria-label={t('phone.label')}>
      <StateButton />
      <span className="bar-line" />
      <Who />
      <PhoneButton act="mute" icon="mute" letter="M" word={talking && acts.muted ? t('phone.unmute') : t('phone.mute')} on={talking && acts.muted} why={why} pending={waits('mute', 'unmute')} onClick={acts.mute} />
      {consulting || conference ? (
        <>
          <PhoneButton act="three" icon="three" letter="J" word={conference ? t('phone.split') : t('phone.conference')} on={conference} why={t('phone.no_third')} pending={waits('conference', 'split')} onClick={acts.three} />
          <PhoneButton act="transfer_complete" icon="transfer" letter="T" word={conference ? t('phone.leave') : t('phone.complete')} pending={waits('transfer_complete')} onClick={acts.complete} />
          <PhoneButton act="consult_cancel" icon="callback" letter="C" word={conference ? t('phone.drop_third') : t('phone.cancel_consult')} pending={waits('consult_cancel')} onClick={acts.cancelConsult} />
        </>
      ) : (
        <>
          <PhoneButton act="hold" icon="hold" letter="H" word={acts.held ? t('phone.retrieve') : t('phone.hold')} on={acts.held} why={why} pending={waits('hold', 'retrieve')} onClick={acts.hold} />
          <Panelled name="transfer" able={acts.hold} content={<TargetPicker mode="transfer" onPick={send('transfer')} />}>
            <PhoneButton act="transfer" icon="transfer" letter="T" word={t('phone.transfer')} why={why} pending={waits('transfer')} onClick={enabled(acts.hold)} />
          </Panelled>
          <Panelled name="consult" able={acts.hold} content={<TargetPicker mode="consult" onPick={send('consult')} />}>
            <PhoneButton act="consult" icon="consult" letter="C" word={t('phone.consult')} why={why} pending={waits('consult')} onClick={enabled(acts.hold)} />
          </Panelled>
        </>
      )}
      <Panelled name="keys" able={acts.keys} content={<Keypad press={acts.keys ?? (() => undefined)} />}>
        <PhoneButton act="keys" icon="keys" letter="K" word={t('phone.keys')} why={why} pending={waits('keys')} onClick={enabled(acts.keys)} />
      </Panelled>
      {talking ? (
        <PhoneButton act="hangup" danger icon="hangup" letter="Q" word={t('phone.hangup')} pending={waits('hangup')} onClick={acts.hangup} />
      ) : (
        !acts.ringing && <DialField />
      )}
    </section>
  );
}
