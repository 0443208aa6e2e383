// The form beside a list, which narrows for it: its parts as tabs, two columns of fields, what is wrong under each, the
// acts at its foot, and what happened to the record in a tab of its own.
import { App, Form } from 'antd';
import { Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import type { ActionMeta, ResourceMeta, Row } from '../api/shapes';
import { Bones } from '../components/Bones';
import { TabBar, type Tab } from '../components/TabBar';
import { errorsOf } from '../fields/check';
import { labelIn, labelOf, t as say, useT, words } from '../i18n';
import { can, isTrail, resourceOf, titleOf, useResource } from '../store/meta';
import { FieldItem } from './FieldItem';
import { History } from './History';
import { Relations } from './Relations';
import './record.css';
import { RecordFoot } from './RecordFoot';
import { RecordHead } from './RecordHead';
import { RecordNotice } from './RecordNotice';
import { countIn, sectionsOf, type Section } from './sections';
import { extraTabs, whileNew, type ExtraTab } from './special';
import { useAsk } from './useAsk';
import { useRemoval } from './useRemoval';
import { useRecord, type RecordState } from './useRecord';

interface Props {
  resource: ResourceMeta;
  id: string | null;
  given?: Record<string, unknown>;
  bin?: boolean; // it has been deleted
  onDone: (id: string | null) => void;
  onClose?: () => void; // none where the form is the page
}

function useFormKeys(save: (() => void) | undefined, close: () => void): void {
  const held = useRef({ save, close });
  useEffect(() => {
    held.current = { save, close };
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const elsewhere = document.querySelector('.ant-modal-wrap:not([style*="display: none"]), .ant-popover:not(.ant-popover-hidden), .ant-select-dropdown:not(.ant-select-dropdown-hidden)');
      if (event.key === 'Escape' && !event.defaultPrevented && !elsewhere) held.current.close();
      if ((event.ctrlKey || event.metaKey) && event.key === 's') {
        event.preventDefault();
        held.current.save?.();
      }
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

const mayWrite = (resource: ResourceMeta, id: string | null) => can(resource, id ? 'update' : 'create');

function Body({ resource, section, id, state, may }: { resource: ResourceMeta; section: Section; id: string | null; state: RecordState; may: boolean }) {
  const { errors } = state;
  useEffect(() => {
    if (errors.length > 0) document.querySelector('.record-error')?.scrollIntoView({ block: 'center' });
  }, [errors, section.key]);
  return (
    <Form layout="vertical" className="record-fields" requiredMark>
      {section.fields.map((field) => (
        <FieldItem key={`${field.name}/${state.turn}`} resource={resource.name} field={field} state={state} may={may && !field.read_only && !(field.create_only && id !== null)} />
      ))}
    </Form>
  );
}

// Nothing happens to an entry of a trail, and what there is one of is used by all.
function besideOf(resource: ResourceMeta, bin: boolean, audit: boolean): Tab<string>[] {
  if (isTrail(resource) && (resource.actions ?? []).length === 0) return [];
  const relations = bin || resource.single ? [] : [{ key: 'relations', label: say('relations.tab') }];
  return audit ? [...relations, { key: 'history', label: say('history.tab') }] : relations;
}

function useTabs(resource: ResourceMeta, id: string | null, state: RecordState) {
  const t = useT();
  const bin = Boolean(state.record?.deleted);
  const audit = useResource('audit');
  const sections = sectionsOf(resource, id === null, state.values);
  const [tab, setTab] = useState(sections[0]?.key ?? 'first');
  const [seen, setSeen] = useState(state.errors);
  const wrongIn = (section: Section) => section.fields.some((field) => errorsOf(state.errors, field.name).length > 0);
  // What is wrong is looked at first.
  if (seen !== state.errors) {
    setSeen(state.errors);
    const wrong = sections.find(wrongIn);
    const here = sections.find(({ key }) => key === tab);
    if (wrong && !(here && wrongIn(here))) setTab(wrong.key);
  }
  const tabs: Tab<string>[] = sections.map((section) => ({ key: section.key, label: section.label, n: countIn(section, state.values), wrong: wrongIn(section) }));
  const extra = id === null ? [] : (extraTabs[resource.name] ?? []).filter(({ right }) => right === undefined || resourceOf(right) !== undefined);
  for (const { key, label } of extra) tabs.push({ key, label: t(label) });
  if (id !== null) tabs.push(...besideOf(resource, bin, audit !== undefined));
  return { tabs, tab, setTab, section: sections.find(({ key }) => key === tab), extra: extra.find(({ key }) => key === tab) };
}

function actionsOf(resource: ResourceMeta, record: Row | undefined): ActionMeta[] {
  if (record?.deleted) return can(resource, 'restore') ? [{ name: 'restore', label: { zh: words['record.restore'][0], en: words['record.restore'][1] } }] : [];
  const now = Array.isArray(record?.actions) ? (record.actions as string[]) : [];
  return (resource.actions ?? []).filter(({ name }) => now.includes(name));
}

function useActs({ resource, id, onDone, onClose }: Props, state: RecordState, name: string) {
  const t = useT();
  const { message } = App.useApp();
  const ask = useAsk();
  const removed = useRemoval(resource);
  const kind = labelIn(resource.label);
  return {
    save: async () => {
      if (!state.dirty && id !== null) return;
      const made = await state.save();
      if (made === null) return;
      void message.success(t('admin.saved'));
      onDone(made.id);
    },
    close: async () => {
      if (state.dirty && !(await ask(t('admin.unsaved_ask'), name, t('admin.discard'), t('admin.go_on')))) return;
      state.discard();
      onClose?.();
    },
    remove: async () => {
      const what = t(can(resource, 'restore') ? 'record.delete_undo' : 'admin.delete_what');
      if (!(await ask(t('admin.delete_ask', { kind, name }), what, t('admin.delete')))) return;
      if (!(await state.remove())) return;
      removed(id ?? '', name, () => onDone(id));
      onDone(null);
    },
    purge: async () => {
      if (!(await ask(t('record.purge_ask', { kind, name }), t('record.purge_what'), t('record.purge')))) return;
      if (await state.remove()) onDone(null);
    },
    act: async (action: ActionMeta) => {
      if (await state.act(action.name)) onDone(id);
    },
  };
}

// What stands beside the fields: tabs of the resource's own, what refers to the record, what happened to it.
function Beside({ resource, id, tab, state, extra }: { resource: ResourceMeta; id: string; tab: string; state: RecordState; extra: ExtraTab | undefined }) {
  if (tab === 'relations') return <Relations key={state.turn} resource={resource} id={id} />;
  if (tab === 'history') return <History key={state.turn} resource={resource} id={id} />;
  if (!extra || !state.record) return null;
  return (
    <Suspense fallback={<Bones rows={4} />}>
      <extra.Show row={state.record} />
    </Suspense>
  );
}

function WhileNew({ resource, id, state }: { resource: ResourceMeta; id: string | null; state: RecordState }) {
  const Warning = whileNew[resource.name];
  if (!Warning || id !== null) return null;
  return (
    <Suspense>
      <Warning values={state.values} />
    </Suspense>
  );
}

function Content({ resource, id, state, may, children }: { resource: ResourceMeta; id: string | null; state: RecordState; may: boolean; children: ReactNode }) {
  const { tabs, tab, setTab, section, extra } = useTabs(resource, id, state);
  const ready = !state.loading && (id === null || state.record !== undefined);
  const name = labelOf(resource.label);
  const panel = tabs.length > 1 ? { role: 'tabpanel', 'aria-label': name } : {};
  return (
    <>
      {tabs.length > 1 && (
        <div className="record-tabs">
          <TabBar label={name} tabs={tabs} value={tab} onChange={setTab} />
        </div>
      )}
      {children}
      <div className="record-body" {...panel}>
        {state.loading && <Bones rows={6} />}
        {ready && <WhileNew resource={resource} id={id} state={state} />}
        {ready && section && <Body resource={resource} section={section} id={id} state={state} may={may} />}
        {ready && id !== null && <Beside resource={resource} id={id} tab={tab} state={state} extra={extra} />}
      </div>
    </>
  );
}

function menuOf(resource: ResourceMeta, record: Row | undefined, kind: string, t: ReturnType<typeof useT>) {
  if (!record || !can(resource, record.deleted ? 'purge' : 'delete')) return [];
  return [record.deleted ? { key: 'purge', label: t('record.purge'), danger: true } : { key: 'delete', label: t('admin.delete_one', { kind }), danger: true }];
}

export function RecordForm(props: Props) {
  const { resource, id, given, bin } = props;
  const t = useT();
  const state = useRecord(resource, id, given, bin);
  const { record } = state;
  const kind = labelIn(resource.label);
  const single = props.onClose === undefined;
  const name = single ? labelOf(resource.labels) : record ? titleOf(resource, record) : t('admin.new', { name: labelIn(resource.label) });
  const acts = useActs(props, state, name);
  const may = mayWrite(resource, id) && !record?.deleted;
  const save = may ? () => void acts.save() : undefined;
  const close = () => void acts.close();
  useFormKeys(save, close);
  const menu = menuOf(resource, record, kind, t);
  return (
    <aside className="record" aria-label={name}>
      <RecordHead name={name} kind={single || id === null ? '' : kind} updated={record?.updated} may={may || isTrail(resource) || Boolean(record?.deleted)} menu={menu} onMenu={(key) => void (key === 'purge' ? acts.purge() : acts.remove())} onClose={single ? undefined : close} />
      <Content resource={resource} id={id} state={state} may={may}>
        <RecordNotice resource={resource} name={name} state={state} />
      </Content>
      <RecordFoot isNew={id === null} able={id === null || state.dirty} closable={!single} saving={state.saving} actions={actionsOf(resource, record)} onAct={(action) => void acts.act(action)} onSave={save} onCancel={close} />
    </aside>
  );
}
