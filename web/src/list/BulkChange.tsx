// What many records are to become: one field with its new value, or elements of a list put in or taken out.
import { Modal, Segmented, Select } from 'antd';
import { useState } from 'react';
import type { FieldMeta, ResourceMeta } from '../api/shapes';
import { checkForm, outgoing } from '../fields/check';
import { fieldTypes } from '../fields/registry';
import { labelOf, useT } from '../i18n';
import { figure } from '../i18n/format';
import { changeable, type Act } from './bulk';

type Way = 'add' | 'remove';

function actOf(field: FieldMeta, value: unknown, way: Way): Act {
  const fields = { [field.name]: outgoing(field, value) };
  if (field.type !== 'list') return { patch: fields };
  return way === 'add' ? { add: fields } : { remove: fields };
}

const blank = (field: FieldMeta | undefined): unknown => (field?.type === 'list' ? [] : (field?.default ?? null));
const isEmpty = (field: FieldMeta, value: unknown): boolean => field.type === 'list' && (!Array.isArray(value) || value.length === 0);

export function BulkChange({ resource, n, onGo, onClose }: { resource: ResourceMeta; n: number; onGo: (act: Act) => void; onClose: () => void }) {
  const t = useT();
  const fields = changeable(resource);
  const [name, setName] = useState(fields[0]?.name ?? '');
  const field = fields.find((each) => each.name === name);
  const [value, setValue] = useState<unknown>(blank(fields[0]));
  const [way, setWay] = useState<Way>('add');
  const Edit = (fieldTypes[field?.type ?? 'string'] ?? fieldTypes.string).Edit;
  const able = field && !isEmpty(field, value) && checkForm([field], { [field.name]: value }, true).length === 0;
  return (
    <Modal open title={t('bulk.change_title', { n: figure(n) })} okText={t('bulk.change_do', { n: figure(n) })} cancelText={t('admin.cancel')} okButtonProps={{ disabled: !able }} onOk={() => field && onGo(actOf(field, value, way))} onCancel={onClose}>
      <div className="bulk-form">
        <label htmlFor="bulk-field">{t('bulk.field')}</label>
        <Select
          id="bulk-field"
          className="field-wide"
          value={name}
          options={fields.map((each) => ({ value: each.name, label: labelOf(each.label) || each.name }))}
          onChange={(made: string) => {
            setName(made);
            setValue(blank(fields.find((each) => each.name === made)));
          }}
        />
        {field?.type === 'list' && (
          <Segmented<Way>
            aria-label={t('bulk.way')}
            value={way}
            options={[
              { value: 'add', label: t('bulk.add') },
              { value: 'remove', label: t('bulk.remove') },
            ]}
            onChange={setWay}
          />
        )}
        {field && (
          <>
            <label htmlFor="bulk-value">{t(field.type === 'list' ? 'bulk.elements' : 'bulk.value')}</label>
            <Edit key={name} field={field} value={value} row={undefined} id="bulk-value" invalid={false} disabled={false} onChange={setValue} />
          </>
        )}
      </div>
    </Modal>
  );
}
