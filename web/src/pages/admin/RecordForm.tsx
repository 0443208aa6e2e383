// The form beside a list: two columns of fields, what is wrong under each, the acts at its foot.
import { App, Form } from 'antd';
import { useEffect, useRef } from 'react';
import type { ResourceMeta } from '../../api/shapes';
import { Bones } from '../../components/Bones';
import { labelOf, useT } from '../../i18n';
import { titleOf } from '../../store/meta';
import { FieldItem } from './FieldItem';
import { RecordFoot } from './RecordFoot';
import { RecordHead } from './RecordHead';
import { RecordNotice } from './RecordNotice';
import { useRecord, type RecordState } from './useRecord';

interface Props {
  resource: ResourceMeta;
  id: string | null;
  onDone: (id: string | null) => void;
  onClose: () => void;
}

function useFormKeys(save: (() => void) | undefined, close: () => void): void {
  const held = useRef({ save, close });
  useEffect(() => {
    held.current = { save, close };
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('.ant-modal-wrap')) held.current.close();
      if ((event.ctrlKey || event.metaKey) && event.key === 's') {
        event.preventDefault();
        held.current.save?.();
      }
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

function useAsk() {
  const t = useT();
  const { modal } = App.useApp();
  return (title: string, content: string, ok: string, cancel = t('admin.keep')) =>
    modal.confirm({
      title,
      content,
      okText: ok,
      cancelText: cancel,
      okButtonProps: { danger: true, type: 'primary' },
      autoFocusButton: 'cancel',
    });
}

function Body({ resource, id, state, may }: { resource: ResourceMeta; id: string | null; state: RecordState; may: boolean }) {
  const fields = resource.fields.filter((field) => id !== null || !field.read_only);
  const { errors } = state;
  useEffect(() => {
    if (errors.length > 0) document.querySelector('.record-error')?.scrollIntoView({ block: 'center' });
  }, [errors]);
  return (
    <Form layout="vertical" className="record-fields" requiredMark>
      {fields.map((field) => (
        <FieldItem key={`${field.name}/${state.turn}`} field={field} state={state} may={may && !field.read_only && !(field.create_only && id !== null)} />
      ))}
    </Form>
  );
}

export function RecordForm({ resource, id, onDone, onClose }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const ask = useAsk();
  const state = useRecord(resource, id);
  const kind = labelOf(resource.label);
  const name = state.record ? titleOf(resource, state.record) : t('admin.new', { name: kind });
  const may = id ? resource.rights.update : resource.rights.create;
  const save = async () => {
    const made = await state.save();
    if (made === null) return;
    void message.success(t('admin.saved'));
    onDone(made);
  };
  const close = async () => {
    if (!state.dirty || (await ask(t('admin.unsaved_ask'), name, t('admin.discard'), t('admin.go_on')))) onClose();
  };
  const remove = async () => {
    if (!(await ask(t('admin.delete_ask', { kind, name }), t('admin.delete_what'), t('admin.delete')))) return;
    if (await state.remove()) onDone(null);
  };
  useFormKeys(may ? () => void save() : undefined, () => void close());
  const ready = !state.loading && (id === null || state.record !== undefined);
  return (
    <aside className="record" aria-label={name}>
      <RecordHead name={name} kind={kind} updated={state.record?.updated} may={may} onClose={() => void close()} />
      <RecordNotice name={name} state={state} onSave={() => void save()} />
      <div className="record-body">
        {state.loading && <Bones rows={6} />}
        {ready && <Body resource={resource} id={id} state={state} may={may} />}
      </div>
      {may && (
        <RecordFoot
          isNew={id === null}
          able={ready && (id === null || state.dirty)}
          saving={state.saving}
          onSave={() => void save()}
          onCancel={() => void close()}
          {...(id && resource.rights.delete ? { onDelete: () => void remove() } : {})}
        />
      )}
    </aside>
  );
}
