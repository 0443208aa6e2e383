// One field read and changed where it stands: a press opens its editor, Enter keeps, Esc leaves it as it was.
import { Button } from 'antd';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { FieldError } from '../api/problem';
import type { FieldMeta, Row } from '../api/shapes';
import { Icon } from '../components/Icon';
import { ThresholdShape } from '../components/Threshold';
import { changesOf, errorsOf, errorText } from '../fields/check';
import { fieldTypes } from '../fields/registry';
import { ValueShow } from '../fields/ValueShow';
import { labelIn, labelOf, useT } from '../i18n';

interface Props {
  field: FieldMeta;
  row: Row;
  may: boolean;
  onSave: (changes: Record<string, unknown>) => Promise<FieldError[] | null>;
  show?: React.ReactNode;
}

const long = new Set(['text', 'list', 'json', 'i18n', 'choices']);

function useEditing({ field, row, onSave }: Props) {
  const [value, setValue] = useState<unknown>(undefined);
  const [open, setOpen] = useState(false);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const start = () => {
    setValue(row[field.name] ?? (field.type === 'list' ? [] : null));
    setErrors([]);
    setOpen(true);
  };
  const keep = async () => {
    const changes = changesOf([field], { [field.name]: value }, row);
    if (Object.keys(changes).length === 0) return setOpen(false);
    setBusy(true);
    const wrong = await onSave(changes);
    setBusy(false);
    setErrors(wrong ?? []);
    if (!wrong) setOpen(false);
  };
  return { value, setValue, open, errors, busy, start, keep, leave: () => setOpen(false) };
}

function Editor({ field, row, editing }: Props & { editing: ReturnType<typeof useEditing> }) {
  const t = useT();
  const { value, setValue, errors, busy, keep, leave } = editing;
  const { Edit } = fieldTypes[field.type] ?? fieldTypes.string;
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      event.nativeEvent.stopImmediatePropagation();
      leave();
    }
    if (event.key === 'Enter' && !event.nativeEvent.isComposing && (!long.has(field.type) || event.ctrlKey)) void keep();
  };
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector<HTMLElement>('input, textarea, button')?.focus(), []);
  const said = [...errorsOf(errors, field.name), ...errors.filter((each) => each.field === '')];
  return (
    <div ref={box} className="in-place" onKeyDown={onKey}>
      <Edit field={field} value={value} row={row} id={`field-${field.name}`} invalid={errors.length > 0} disabled={false} onChange={setValue} />
      {said.map((error) => (
        <p key={error.code} className="lx-12 lx-over" role="alert">
          <ThresholdShape level="over" /> {errorText(error, field)}
        </p>
      ))}
      <div className="lx-row">
        <Button size="small" type="primary" data-act="keep" loading={busy} onClick={() => void keep()}>
          {t('admin.save')}
        </Button>
        <Button size="small" onClick={leave}>
          {t('admin.cancel')}
        </Button>
      </div>
    </div>
  );
}

export function FieldInPlace(props: Props) {
  const { field, row, may, show } = props;
  const t = useT();
  const editing = useEditing(props);
  if (editing.open) return <Editor {...props} editing={editing} />;
  const value = show ?? <ValueShow field={field} value={row[field.name]} row={row} />;
  if (!may || field.read_only || field.create_only) return <span className="in-place-value">{value}</span>;
  return (
    <span className="in-place-value">
      {value}
      <button type="button" className="lx-plain in-place-pen" data-edit={field.name} aria-label={t('customer.edit_field', { name: labelIn(field.label) })} title={t('customer.edit_field', { name: labelOf(field.label) })} onClick={editing.start}>
        <Icon name="edit" size={14} />
      </button>
    </span>
  );
}
