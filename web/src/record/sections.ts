// A long form in parts: what the server gives a section stands in a tab of that name, the rest in the first.
import type { FieldMeta, ResourceMeta, Row } from '../api/shapes';
import { goesWith } from '../fields/check';
import { labelOf, t } from '../i18n';
import { specialEdits } from './special';

export interface Section {
  key: string;
  label: string;
  fields: FieldMeta[];
}

export function fieldsOf(resource: ResourceMeta, isNew: boolean): FieldMeta[] {
  return resource.fields.filter((field) => !isNew || !field.read_only);
}

export function sectionsOf(resource: ResourceMeta, isNew: boolean, values: Record<string, unknown> = {}): Section[] {
  const sections: Section[] = [{ key: 'first', label: t('record.general'), fields: [] }];
  for (const field of fieldsOf(resource, isNew)) {
    if (!goesWith(field, values)) continue;
    const alone = specialEdits[`${resource.name}.${field.name}`] !== undefined;
    const label = alone ? labelOf(field.label) : labelOf(field.section);
    const key = alone ? field.name : field.section ? field.section.en : 'first';
    const known = sections.find((each) => each.key === key);
    if (known) known.fields.push(field);
    else sections.push({ key, label, fields: [field] });
  }
  return sections.filter(({ fields }) => fields.length > 0);
}

// A section that is one list says how many there are.
export function countIn({ fields }: Section, values: Row | Record<string, unknown>): number | null {
  const [only] = fields;
  const value = fields.length === 1 && only?.type === 'list' ? values[only.name] : null;
  return Array.isArray(value) ? value.length : null;
}
