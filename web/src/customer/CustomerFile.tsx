// Everything that is known of a customer, by the sections of the descriptor, each field changed in its place.
import type { ResourceMeta } from '../api/shapes';
import { labelOf } from '../i18n';
import { sectionsOf } from '../record/sections';
import { can } from '../store/meta';
import { FieldInPlace } from './FieldInPlace';
import { Masked } from './Masked';
import { NumbersShow } from './Numbers';
import type { CustomerState } from './useCustomer';

export function CustomerFile({ resource, state }: { resource: ResourceMeta; state: CustomerState }) {
  const { value } = state;
  if (!value) return null;
  const may = can(resource, 'update') && !value.deleted;
  const sections = sectionsOf(resource, false, value);
  return (
    <div className="customer-file">
      {sections.map((section) => (
        <section key={section.key} aria-label={section.label}>
          {sections.length > 1 && <h3>{section.label}</h3>}
          <dl className="facts">
            {section.fields.map((field) => (
              <div key={field.name} className="customer-fact">
                <dt>{labelOf(field.label)}</dt>
                <dd>
                  {field.name === 'numbers' ? (
                    <FieldInPlace field={field} row={value} may={may} onSave={state.save} show={<NumbersShow resource={resource} state={state} />} />
                  ) : field.masked ? (
                    <FieldInPlace field={field} row={value} may={may} onSave={state.save} show={<Masked resource={resource} state={state} field={field} value={value[field.name]} />} />
                  ) : (
                    <FieldInPlace field={field} row={value} may={may} onSave={state.save} />
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
