import { Form } from 'antd';
import { Suspense, type ReactNode } from 'react';
import type { FieldMeta, Row } from '../api/shapes';
import type { FieldError } from '../api/problem';
import { ThresholdShape } from '../components/Threshold';
import { errorsOf, errorText } from '../fields/check';
import { isSegmented } from '../fields/EnumEdit';
import { FieldShow } from '../fields/FieldShow';
import { ValueShow } from '../fields/ValueShow';
import { fieldTypes } from '../fields/registry';
import { labelOf } from '../i18n';
import { specialEdits } from './special';
import type { RecordState } from './useRecord';

const wide = new Set(['text', 'json', 'list', 'choices', 'i18n', 'file']);
const roomy = 3;
const letters = 24;
const long = 200;

interface Props {
  resource: string;
  field: FieldMeta;
  state: RecordState;
  may: boolean;
}

// Choices stand side by side, each as broad as the longest; a Han is as broad as two letters.
function isBroad(field: FieldMeta): boolean {
  const labels = (field.choices ?? []).map(({ label }) => labelOf(label));
  const longest = Math.max(0, ...labels.map((label) => label.replace(/[^\x00-\xff]/g, 'xx').length));
  return labels.length > roomy || longest * labels.length > letters;
}

function isWide(field: FieldMeta): boolean {
  return wide.has(field.type) || (field.type === 'string' && (field.max ?? 0) >= long) || (field.type === 'enum' && isSegmented(field) && isBroad(field));
}

function wrongText(errors: FieldError[], field: FieldMeta): ReactNode {
  return errors.map((error) => (
    <span key={`${error.field}${error.code}`} className="record-error">
      <ThresholdShape level="over" /> {errorText(error, field)}
    </span>
  ));
}

// Yes or no is a line of its own: what it means at the left, the switch at the right.
function Yes({ field, children, errors, id }: { field: FieldMeta; children: ReactNode; errors: FieldError[]; id: string }) {
  return (
    <div className="record-wide record-yes">
      <label htmlFor={id}>
        {labelOf(field.label) || field.name}
        {field.help && <span className="lx-12 lx-t3">{labelOf(field.help)}</span>}
        {errors.length > 0 && <span className="lx-12 lx-over">{wrongText(errors, field)}</span>}
      </label>
      {children}
    </div>
  );
}

interface InputProps extends Props {
  id: string;
  shown: boolean;
  invalid: boolean;
}

// What is not to be written here is read, and of a list every element.
function FieldInput({ resource, field, state, may, id, shown, invalid }: InputProps) {
  const value = state.values[field.name];
  const Edit = specialEdits[`${resource}.${field.name}`] ?? (fieldTypes[field.type] ?? fieldTypes.string).Edit;
  if (!shown) return <Edit field={field} value={value} row={state.record} id={id} invalid={invalid} disabled={!may} onChange={(made) => state.change(field.name, made)} />;
  const Show = field.type === 'list' ? ValueShow : FieldShow;
  return <Show field={field} value={value} row={state.values as Row} />;
}

function isRequired(field: FieldMeta, state: RecordState, may: boolean): boolean {
  return field.required === true && may && !(field.type === 'secret' && state.record);
}

export function FieldItem(props: Props) {
  const { resource, field, state, may } = props;
  const special = `${resource}.${field.name}` in specialEdits;
  const errors = errorsOf(state.errors, field.name);
  const id = `field-${field.name}`;
  const shown = !special && field.type !== 'json' && (field.read_only === true || !may);
  const input = <FieldInput {...props} id={id} shown={shown} invalid={errors.length > 0} />;
  if (shown && field.type === 'secret') return null;
  if (special) {
    return (
      <div className="record-wide">
        {wrongText(errors, field)}
        <Suspense>{input}</Suspense>
      </div>
    );
  }
  if (field.type === 'boolean') return <Yes field={field} errors={errors} id={id}>{input}</Yes>;
  return (
    <Form.Item
      label={labelOf(field.label) || field.name}
      htmlFor={id}
      required={isRequired(field, state, may)}
      className={isWide(field) ? 'record-wide' : ''}
      {...(errors.length > 0 ? { validateStatus: 'error' as const } : {})}
      help={errors.length > 0 ? wrongText(errors, field) : undefined}
      extra={field.read_only || !shown ? labelOf(field.help) : undefined}
    >
      {input}
    </Form.Item>
  );
}
