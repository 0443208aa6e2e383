// Elements of a record edited inside it: one line each, drawn by the same edit components as the record itself.
import { Button } from 'antd';
import type { FieldMeta, Row } from '../api/shapes';
import { Icon } from '../components/Icon';
import { labelOf, useT } from '../i18n';
import { fieldTypes } from './registry';
import { onlyRef, RefsEdit } from './RefsEdit';
import type { EditProps } from './types';

const small = new Set(['integer', 'boolean']);
const few = 3; // side by side

function cellOf(field: FieldMeta): string {
  if (small.has(field.type)) return 'field-list-small';
  return field.type === 'enum' && (field.choices?.length ?? 0) > few ? 'lx-grow field-list-broad' : 'lx-grow';
}

function blank(fields: FieldMeta[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.name, field.default ?? null]));
}

export function ListEdit(props: EditProps) {
  const sub = onlyRef(props.field);
  return sub ? <RefsEdit {...props} sub={sub} /> : <Lines {...props} />;
}

function Lines({ field, value, id, invalid, disabled, onChange }: EditProps) {
  const t = useT();
  const items = Array.isArray(value) ? (value as Row[]) : [];
  const fields = field.fields ?? [];
  const many = fields.length > few;
  const change = (at: number, name: string, made: unknown) => onChange(items.map((item, i) => (i === at ? { ...item, [name]: made } : item)));
  return (
    <div className="field-list" id={id} role="group" aria-label={labelOf(field.label)}>
      {items.length > 0 && fields.length > 1 && !many && (
        <div className="field-list-row lx-12 lx-t3" aria-hidden>
          {fields.map((sub) => (
            <span key={sub.name} className={cellOf(sub)}>
              {labelOf(sub.label)}
            </span>
          ))}
          <span className="field-list-end" />
        </div>
      )}
      {items.map((item, at) => (
        <div key={item.id ?? `new${at}`} className={`field-list-row ${many ? 'field-list-block' : ''}`}>
          <div className={many ? 'field-list-many' : 'field-list-few'}>
            {fields.map((sub) => {
              const { Edit } = fieldTypes[sub.type] ?? fieldTypes.string;
              return (
                <div key={sub.name} className={cellOf(sub)}>
                  {many && (
                    <span className="lx-12 lx-t3" aria-hidden>
                      {labelOf(sub.label)}
                    </span>
                  )}
                  <Edit field={sub} value={item[sub.name]} row={item} id={`${id}-${at}-${sub.name}`} invalid={invalid} disabled={disabled} onChange={(made) => change(at, sub.name, made)} />
                </div>
              );
            })}
          </div>
          <Button
            type="text"
            disabled={disabled}
            aria-label={t('field.remove')}
            icon={<Icon name="close" />}
            onClick={() => onChange(items.filter((_, i) => i !== at))}
          />
        </div>
      ))}
      <Button size="small" disabled={disabled} icon={<Icon name="plus" size={14} />} onClick={() => onChange([...items, blank(fields)])}>
        {t('field.add')}
      </Button>
    </div>
  );
}
