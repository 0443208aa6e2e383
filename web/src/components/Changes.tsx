// What one act changed, field by field: before and after in words.
import type { FieldMeta } from '../api/shapes';
import { ValueShow } from '../fields/ValueShow';
import { useT } from '../i18n';
import { changeOf } from './changeFields';
import './changes.css';

const isPair = (value: unknown): value is [unknown, unknown] => Array.isArray(value) && value.length === 2;
const isBlank = (value: unknown) => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

function Change({ fields, name, pair }: { fields: FieldMeta[]; name: string; pair: unknown }) {
  const t = useT();
  const [before, after] = isPair(pair) ? pair : [null, pair];
  const { label, field, element } = changeOf(fields, name, after ?? before);
  const wrapped = (value: unknown) => (element && value !== null ? [value] : value);
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {!isBlank(before) && (
          <>
            <span className="changes-before">
              <ValueShow field={field} value={wrapped(before)} />
            </span>
            <span className="lx-t3">
              <span className="lx-sr">{t('history.became')}</span>
              {' → '}
            </span>
          </>
        )}
        {isBlank(after) && !isBlank(before) ? <span className="lx-t3">{t('history.emptied')}</span> : <ValueShow field={field} value={wrapped(after)} />}
      </dd>
    </div>
  );
}

export function Changes({ fields, changes }: { fields: FieldMeta[]; changes: Record<string, unknown> | null }) {
  const rows = Object.entries(changes ?? {}).filter(([, pair]) => !(isPair(pair) && isBlank(pair[0]) && isBlank(pair[1])));
  if (rows.length === 0) return null;
  return (
    <dl className="changes">
      {rows.map(([name, pair]) => (
        <Change key={name} fields={fields} name={name} pair={pair} />
      ))}
    </dl>
  );
}
