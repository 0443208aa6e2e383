import { Form } from 'antd';
import type { FieldMeta, Row } from '../../api/shapes';
import { ThresholdShape } from '../../components/Threshold';
import { errorsOf, errorText } from '../../fields/check';
import { fieldTypes } from '../../fields/registry';
import { labelOf } from '../../i18n';
import type { RecordState } from './useRecord';

const wide = new Set(['text', 'json', 'list']);

interface Props {
  field: FieldMeta;
  state: RecordState;
  may: boolean;
}

export function FieldItem({ field, state, may }: Props) {
  const { Edit, Show } = fieldTypes[field.type] ?? fieldTypes.string;
  const errors = errorsOf(state.errors, field.name);
  const value = state.values[field.name];
  const id = `field-${field.name}`;
  const shown = field.read_only === true && field.type !== 'json';
  return (
    <Form.Item
      label={labelOf(field.label) || field.name}
      htmlFor={id}
      required={field.required === true && may}
      className={wide.has(field.type) ? 'record-wide' : ''}
      {...(errors.length > 0 ? { validateStatus: 'error' as const } : {})}
      help={
        errors.length > 0
          ? errors.map((error) => (
              <span key={`${error.field}${error.code}`} className="record-error">
                <ThresholdShape level="over" /> {errorText(error, field)}
              </span>
            ))
          : undefined
      }
      extra={labelOf(field.help)}
    >
      {shown ? (
        <Show field={field} value={value} row={state.values as Row} />
      ) : (
        <Edit field={field} value={value} row={state.record} id={id} invalid={errors.length > 0} disabled={!may} onChange={(made) => state.change(field.name, made)} />
      )}
    </Form.Item>
  );
}
