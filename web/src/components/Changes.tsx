// What one act changed, field by field: before and after in words.
import type { FieldMeta, Row } from '../api/shapes';
import { ValueShow } from '../fields/ValueShow';
import { useT } from '../i18n';
import { changeOf } from './changeFields';
import './changes.css';
import { JsonChange } from './JsonChange';
import { isMembers } from './jsonParts';

const isPair = (value: unknown): value is [unknown, unknown] => Array.isArray(value) && value.length === 2;
const isBlank = (value: unknown) => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

type Names = Record<string, unknown> | null | undefined;

// What references were called then, where the trail says so: beside the ids, as reading a record has it.
function withNames(field: FieldMeta, value: unknown, names: unknown): unknown {
  if (field.type !== 'list' || !Array.isArray(value) || !Array.isArray(names)) return value;
  return value.map((item: Record<string, unknown>, i) => {
    const of = (names[i] ?? {}) as Record<string, unknown>;
    return { ...item, ...Object.fromEntries(Object.entries(of).map(([name, text]) => [`${name}_name`, text])) };
  });
}

interface SidesProps {
  field: FieldMeta;
  element: boolean;
  pair: [unknown, unknown];
  called: [unknown, unknown];
}

function Sides({ field, element, pair: [before, after], called }: SidesProps) {
  const t = useT();
  const wrapped = (value: unknown, at: 0 | 1) => withNames(field, element && value !== null ? [value] : value, element ? [called[at]] : called[at]);
  const row = (at: 0 | 1): Row => ({ id: '', [`${field.name}_name`]: typeof called[at] === 'string' ? called[at] : null });
  return (
    <>
      {!isBlank(before) && (
        <>
          <span className="changes-before">
            <ValueShow field={field} value={wrapped(before, 0)} row={row(0)} />
          </span>
          <span className="lx-t3">
            <span className="lx-sr">{t('history.became')}</span>
            {' → '}
          </span>
        </>
      )}
      {isBlank(after) && !isBlank(before) ? <span className="lx-t3">{t('history.emptied')}</span> : <ValueShow field={field} value={wrapped(after, 1)} row={row(1)} />}
    </>
  );
}

function Change({ fields, name, pair, names }: { fields: FieldMeta[]; name: string; pair: unknown; names: Names }) {
  const [before, after] = isPair(pair) ? pair : [null, pair];
  const { label, field, element } = changeOf(fields, name, after ?? before);
  const part = /^(.*\])\.\w+$/.exec(name)?.[1];
  const of = part !== undefined && typeof names?.[part] === 'string' ? names[part] : null;
  const inWords = field.type === 'json' && (isMembers(before) || isMembers(after));
  return (
    <div>
      <dt>
        {label}
        {of && ` · ${of}`}
      </dt>
      <dd>
        {inWords ? (
          <JsonChange before={before} after={after} />
        ) : (
          <Sides field={field} element={element} pair={[before, after]} called={isPair(names?.[name]) ? names[name] : [null, null]} />
        )}
      </dd>
    </div>
  );
}

export function Changes({ fields, changes, names }: { fields: FieldMeta[]; changes: Record<string, unknown> | null; names?: Names }) {
  const rows = Object.entries(changes ?? {}).filter(([, pair]) => !(isPair(pair) && isBlank(pair[0]) && isBlank(pair[1])));
  if (rows.length === 0) return null;
  return (
    <dl className="changes">
      {rows.map(([name, pair]) => (
        <Change key={name} fields={fields} name={name} pair={pair} names={names} />
      ))}
    </dl>
  );
}
