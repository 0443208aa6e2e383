// A value outside its record: what a field held once, in a conflict or the audit trail. Names of references are looked up.
import type { FieldMeta, Row } from '../api/shapes';
import { JsonText } from '../components/JsonText';
import { labelOf, useT } from '../i18n';
import { useRefName } from '../store/names';
import { FieldShow } from './FieldShow';
import { textOf } from './types';

interface Props {
  field: FieldMeta;
  value: unknown;
  row?: Row;
}

const nobody: Row = { id: '' };
const isNothing = (value: unknown) => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

// As it was called then, or else as it is called now.
function RefValue({ plural, value, name }: { plural: string; value: string; name: string }) {
  const found = useRefName(plural, name === '' ? value : null);
  return <span>{name || (found ?? value)}</span>;
}

// Of what is yes or no in an element only what is so is said, by its name.
function ListValue({ field, value }: { field: FieldMeta; value: Row[] }) {
  const t = useT();
  const fields = (field.fields ?? []).filter((sub) => !sub.read_only);
  return (
    <span>
      {value.map((item, i) => (
        <span key={item.id ?? i}>
          {i > 0 && t('field.comma')}
          {fields
            .filter((sub) => !isNothing(item[sub.name]) && item[sub.name] !== false)
            .map((sub, k) => (
              <span key={sub.name}>
                {k > 0 && ' '}
                {sub.type === 'boolean' ? labelOf(sub.label) : <ValueShow field={sub} value={item[sub.name]} row={item} />}
              </span>
            ))}
        </span>
      ))}
    </span>
  );
}

const short = 80;

function JsonValue({ value }: { value: unknown }) {
  const t = useT();
  const text = JSON.stringify(value);
  return text.length > short ? <JsonText title={t('field.json_size', { n: text.length })} value={value} /> : <code className="value-json">{text}</code>;
}

export function ValueShow({ field, value, row }: Props) {
  if (isNothing(value)) return <span className="lx-t3">—</span>;
  if (field.type === 'ref' && field.ref) return <RefValue plural={field.ref} value={textOf(value)} name={textOf(row?.[`${field.name}_name`])} />;
  if (field.type === 'list' && Array.isArray(value)) return <ListValue field={field} value={value as Row[]} />;
  if (field.type === 'json') return <JsonValue value={value} />;
  if (field.type === 'text') return <span>{textOf(value)}</span>;
  return <FieldShow field={field} value={value} row={row ?? nobody} />;
}
