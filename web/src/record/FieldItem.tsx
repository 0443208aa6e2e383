import { Form } from 'antd';
import { Suspense, type ReactNode } from 'react';
import type { FieldMeta, Row } from '../api/shapes';
import type { FieldError } from '../api/problem';
import { ThresholdShape } from '../components/Threshold';
import { errorsOf, errorText } from '../fields/check';
import { isSegmented } from '../fields/EnumEdit';
import { FieldShow } from '../fields/FieldShow';
import { fieldTypes } from '../fields/registry';
import { labelOf } from '../i18n';
import { specialEdits } from './special';
import type { RecordState } from './useRecord';

const wide = new Set(['text', 'json', 'list', 'choices', 'i18n', 'file']);
const roomy = 3;
const letters = 24;

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
  return wide.has(field.type) || (field.type === 'enum' && isSegmented(field) && isBroad(field));
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

export function FieldItem({ resource, field, state, may }: Props) {
  const { Edit: Usual } = fieldTypes[field.type] ?? fieldTypes.string;
  const special = specialEdits[`${resource}.${field.name}`];
  const Edit = special ?? Usual;
  const errors = errorsOf(state.errors, field.name);
  const value = state.values[field.name];
  const id = `field-${field.name}`;
  const shown = field.read_only === true && field.type !== 'json';
  const input = shown ? (
    <FieldShow field={field} value={value} row={state.values as Row} />
  ) : (
    <Edit field={field} value={value} row={state.record} id={id} invalid={errors.length > 0} disabled={!may} onChange={(made) => state.change(field.name, made)} />
  );
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
      required={field.required === true && may}
      className={isWide(field) ? 'record-wide' : ''}
      {...(errors.length > 0 ? { validateStatus: 'error' as const } : {})}
      help={errors.length > 0 ? wrongText(errors, field) : undefined}
      extra={labelOf(field.help)}
    >
      {input}
    </Form.Item>
  );
}
