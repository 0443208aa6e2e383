// What changed within JSON, in words; the texts themselves are behind a line that opens.
import { tWord, useT, words, type Key } from '../i18n';
import { JsonText } from './JsonText';
import { isMembers, jsonParts, type JsonPart } from './jsonParts';

const few = 8;

function Names({ word, names }: { word: Key | null; names: string[] }) {
  const t = useT();
  if (names.length === 0) return null;
  const shown = names.slice(0, few).join(t('field.comma'));
  return (
    <span className="json-names">
      {word && <span className="lx-t3">{t(word)} </span>}
      {shown}
      {names.length > few && ` +${names.length - few}`}
    </span>
  );
}

// Steps of a flow, counts of an import; else the member's own name.
function memberName(name: string): string {
  return `import.count_${name}` in words ? tWord('import', `count_${name}`) : tWord('json_member', name);
}

// fresh: there was nothing before, so nothing is said to be added.
function Part({ part, fresh }: { part: JsonPart; fresh: boolean }) {
  const t = useT();
  const said = (value: unknown) => (value === undefined || value === null ? '—' : typeof value === 'string' ? value : JSON.stringify(value));
  const changed = part.changed.map(({ name, members }) => (members.length > 0 ? t('json.members', { name, members: members.join(t('field.comma')) }) : name));
  return (
    <li>
      {memberName(part.name)}
      {part.pair ? (
        <span>
          {part.pair[0] !== undefined && (
            <>
              <span className="changes-before">{said(part.pair[0])}</span>
              <span className="lx-t3">{' → '}</span>
            </>
          )}
          {said(part.pair[1])}
        </span>
      ) : (
        <span>
          <Names word={fresh ? null : 'json.added'} names={part.added} />
          <Names word="json.removed" names={part.removed} />
          <Names word="json.changed" names={changed} />
        </span>
      )}
    </li>
  );
}

export function JsonChange({ before, after }: { before: unknown; after: unknown }) {
  const t = useT();
  return (
    <>
      <ul className="json-parts">
        {jsonParts(before, after).map((part) => (
          <Part key={part.name} part={part} fresh={!isMembers(before)} />
        ))}
      </ul>
      <JsonText title={t('json.before')} value={before} />
      <JsonText title={t('json.after')} value={after} />
    </>
  );
}
