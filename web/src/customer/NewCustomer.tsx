// An unknown caller becomes a customer: the number is filled in; who is perhaps known already is shown while the name is
// written, and can be given the number instead.
import { Button, Input } from 'antd';
import { useState } from 'react';
import { ask, send } from '../api/client';
import { asProblem, type FieldError, type Problem } from '../api/problem';
import type { ResourceMeta, Row } from '../api/shapes';
import { ErrorNote } from '../components/ErrorNote';
import { ThresholdShape } from '../components/Threshold';
import { errorsOf, errorText } from '../fields/check';
import { fieldTypes } from '../fields/registry';
import { textOf } from '../fields/types';
import { labelOf, useT } from '../i18n';
import { Perhaps } from './Perhaps';
import type { Alike } from './Reasons';

const asked = ['name', 'kind', 'tier', 'language', 'note'];

const numbersOf = (row: Row) => (Array.isArray(row.numbers) ? (row.numbers as Row[]) : []);

async function addNumber(row: Alike, number: string): Promise<void> {
  const { body, etag } = await ask<Row>(`/customers/${row.id}`);
  await ask(`/customers/${row.id}`, { method: 'PATCH', body: { numbers: [...numbersOf(body).map(({ id, number: old }) => ({ id, number: old })), { number }] }, etag });
}

interface Props {
  resource: ResourceMeta;
  number: string;
  onDone: (id: string) => void;
  onCancel: () => void;
}

function firstValues(resource: ResourceMeta, number: string): Record<string, unknown> {
  return { ...Object.fromEntries(resource.fields.filter((field) => !field.read_only).map((field) => [field.name, field.default ?? undefined])), numbers: [{ number }] };
}

export function NewCustomer({ resource, number, onDone, onCancel }: Props) {
  const t = useT();
  const [values, setValues] = useState(() => firstValues(resource, number));
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const fields = resource.fields.filter((field) => !field.read_only && (asked.includes(field.name) || (field.required && field.name !== 'numbers')));
  const run = async (work: () => Promise<string>) => {
    setBusy(true);
    setProblem(null);
    try {
      onDone(await work());
    } catch (error) {
      const refused = asProblem(error);
      setErrors(refused.errors);
      setProblem(refused.errors.length > 0 ? null : refused);
      setBusy(false);
    }
  };
  const create = () => run(async () => (await send<Row>('POST', '/customers', Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null)))).id);
  const give = (row: Alike) =>
    run(async () => {
      await addNumber(row, number);
      return row.id;
    });
  return (
    <div className="new-customer">
      {problem && <ErrorNote problem={problem} />}
      <label>
        <span className="lx-12 lx-t3">{labelOf(resource.fields.find(({ name }) => name === 'numbers')?.label)}</span>
        <Input value={number} readOnly />
      </label>
      {fields.map((field) => {
        const { Edit } = fieldTypes[field.type] ?? fieldTypes.string;
        const wrong = errorsOf(errors, field.name);
        return (
          <div key={field.name}>
            <label htmlFor={`field-${field.name}`} className="lx-12 lx-t3">
              {labelOf(field.label)}
            </label>
            <Edit field={field} value={values[field.name]} row={undefined} id={`field-${field.name}`} invalid={wrong.length > 0} disabled={busy} onChange={(made) => setValues((old) => ({ ...old, [field.name]: made }))} />
            {wrong.map((error) => (
              <p key={error.code} className="lx-12 lx-over" role="alert">
                <ThresholdShape level="over" /> {errorText(error, field)}
              </p>
            ))}
            {field.name === 'name' && <Perhaps values={values} onPick={(row) => void give(row)} />}
          </div>
        );
      })}
      <div className="lx-row">
        <Button type="primary" data-act="register" loading={busy} disabled={textOf(values.name).trim() === ''} onClick={() => void create()}>
          {t('customer.create_do')}
        </Button>
        <Button onClick={onCancel}>{t('admin.cancel')}</Button>
      </div>
    </div>
  );
}
