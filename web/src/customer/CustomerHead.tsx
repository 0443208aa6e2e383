// Who it is at a glance: name, tier, whether he is a prospect, tags, numbers, consent.
import type { ReactNode } from 'react';
import { Tag } from 'antd';
import type { FieldMeta, ResourceMeta } from '../api/shapes';
import { Tier } from '../components/Tier';
import { fieldTypes } from '../fields/registry';
import { textOf } from '../fields/types';
import { labelOf, t as say, useT } from '../i18n';
import { can } from '../store/meta';
import { FieldInPlace } from './FieldInPlace';
import { NumbersShow } from './Numbers';
import type { CustomerState } from './useCustomer';

const most = 3;
const glance = ['numbers', 'mails', 'language', 'consent'];

function namesOf(field: FieldMeta | undefined, value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((each) => {
    if (typeof each === 'string') return labelOf(field?.choices?.find((choice) => choice.value === each)?.label) || each;
    const sub = field?.fields?.[0]?.name ?? 'name';
    const row = each as Record<string, unknown>;
    return textOf(row[`${sub}_name`] ?? row[sub]);
  });
}

export function isProspect(row: Record<string, unknown> | undefined): boolean {
  return row?.kind === 'prospect';
}

function Tags({ resource, state }: { resource: ResourceMeta; state: CustomerState }) {
  const field = resource.fields.find(({ name }) => name === 'tags');
  const names = namesOf(field, state.value?.tags);
  if (names.length === 0) return null;
  return (
    <div className="customer-tags">
      {names.slice(0, most).map((name) => (
        <Tag key={name} variant="filled">
          {name}
        </Tag>
      ))}
      {names.length > most && <span className="lx-t3 lx-12">+{names.length - most}</span>}
    </div>
  );
}

function Fact({ field, resource, state, may }: { field: FieldMeta; resource: ResourceMeta; state: CustomerState; may: boolean }) {
  const row = state.value;
  if (!row) return null;
  const { Show } = fieldTypes[field.type] ?? fieldTypes.string;
  const show = field.name === 'numbers' ? <NumbersShow resource={resource} state={state} /> : <Show field={field} value={row[field.name]} row={row} />;
  return (
    <div className="customer-glance">
      <dt>{labelOf(field.label)}</dt>
      <dd>
        <FieldInPlace field={field} row={row} may={may} onSave={state.save} show={show} />
      </dd>
    </div>
  );
}

interface Props {
  resource: ResourceMeta;
  state: CustomerState;
  large?: boolean;
  acts?: ReactNode;
}

export function CustomerHead({ resource, state, large = false, acts }: Props) {
  useT();
  const row = state.value;
  if (!row) return null;
  const may = can(resource, 'update') && !row.deleted;
  const fields = glance.map((name) => resource.fields.find((field) => field.name === name)).filter((field): field is FieldMeta => field !== undefined);
  const Name = large ? 'h1' : 'h2';
  return (
    <div className="customer-head" data-customer={row.id}>
      <div className="lx-row">
        <Name className={`lx-cut ${large ? 'lx-20' : 'lx-16'}`}>{textOf(row.name)}</Name>
        <Tier tier={row.tier} />
        {isProspect(row) && (
          <span className="lx-prospect" data-kind="prospect">
            {say('customer.prospect')}
          </span>
        )}
        {acts && <span className="lx-end lx-row">{acts}</span>}
      </div>
      <Tags resource={resource} state={state} />
      <dl className="facts customer-facts">
        {fields.map((field) => (
          <Fact key={field.name} field={field} resource={resource} state={state} may={may} />
        ))}
      </dl>
      {!large && typeof row.note === 'string' && row.note !== '' && <p className="customer-note lx-t2">{row.note}</p>}
    </div>
  );
}
