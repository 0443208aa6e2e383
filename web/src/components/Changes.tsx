// What one act changed, field by field: before and after in words.
import type { FieldMeta } from '../api/shapes';
import { fieldLabel, ValueShow } from '../fields/ValueShow';
import { useT } from '../i18n';
import './changes.css';

const unknown = (name: string): FieldMeta => ({ name, type: 'json' });

function isPair(value: unknown): value is [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}

const plain = (name: string, value: unknown): FieldMeta => (typeof value === 'object' && value !== null ? unknown(name) : { name, type: 'string' });

export function Changes({ fields, changes }: { fields: FieldMeta[]; changes: Record<string, unknown> | null }) {
  const t = useT();
  const rows = Object.entries(changes ?? {}).filter(([, pair]) => !(isPair(pair) && (pair[0] ?? '') === '' && (pair[1] ?? '') === ''));
  if (rows.length === 0) return null;
  return (
    <dl className="changes">
      {rows.map(([name, pair]) => {
        const [before, after] = isPair(pair) ? pair : [null, pair];
        const field = fields.find((each) => each.name === name) ?? plain(name, after ?? before);
        return (
          <div key={name}>
            <dt>{fieldLabel(fields, name)}</dt>
            <dd>
              {before !== null && (
                <>
                  <span className="changes-before">
                    <ValueShow field={field} value={before} />
                  </span>
                  <span className="lx-t3" aria-label={t('history.became')}>
                    {' → '}
                  </span>
                </>
              )}
              <ValueShow field={field} value={after} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
