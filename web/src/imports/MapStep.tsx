// Which column is what: guessed from its head, or as this person took it the last time; and what to do with those known already.
import { Button, Checkbox, Radio, Select } from 'antd';
import { useState } from 'react';
import { asProblem, type Problem } from '../api/problem';
import { ErrorNote } from '../components/ErrorNote';
import { labelOf, tWord, useT } from '../i18n';
import { langStore } from '../store/prefs';
import { readPreview, type Import, type ImportState, type Look, type Plan, type Preview } from './useImport';

const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'];
const delimiters = [',', ';', '\t', '|'];
const kinds = ['skip', 'update', 'create'] as const;

function Reading({ preview, onLook }: { preview: Preview; onLook: (look: Look) => void }) {
  const t = useT();
  const now = { sheet: preview.sheet, encoding: preview.encoding, delimiter: preview.delimiter, head: preview.head };
  return (
    <div className="lx-row import-reading">
      {preview.sheets.length > 1 && <Select aria-label={t('import.sheet')} value={preview.sheet} options={preview.sheets.map((label, value) => ({ value, label }))} onChange={(sheet: number) => onLook({ ...now, sheet })} />}
      {preview.format === 'csv' && (
        <>
          <Select aria-label={t('import.encoding')} value={preview.encoding} options={encodings.map((value) => ({ value, label: value.toUpperCase() }))} onChange={(encoding: string) => onLook({ ...now, encoding })} />
          <Select aria-label={t('import.delimiter')} value={preview.delimiter} options={delimiters.map((value) => ({ value, label: value === '\t' ? t('import.tab') : value }))} onChange={(delimiter: string) => onLook({ ...now, delimiter })} />
        </>
      )}
      <Checkbox checked={preview.head} onChange={(event) => onLook({ ...now, head: event.target.checked })}>
        {t('import.head')}
      </Checkbox>
    </div>
  );
}

function Columns({ preview, columns, onChange }: { preview: Preview; columns: (string | null)[]; onChange: (columns: (string | null)[]) => void }) {
  const t = useT();
  const options = [{ value: '', label: t('import.leave_out') }, ...preview.targets.map((each) => ({ value: each.name, label: `${labelOf(each.label)}${each.required ? ' *' : ''}` }))];
  return (
    <table className="dt import-columns" aria-label={t('import.columns')}>
      <thead>
        <tr>
          <th scope="col">{t('import.column')}</th>
          <th scope="col">{t('import.samples')}</th>
          <th scope="col">{t('import.becomes')}</th>
        </tr>
      </thead>
      <tbody>
        {preview.columns.map((column, at) => (
          <tr key={at}>
            <td>{column.label || t('import.column_n', { n: at + 1 })}</td>
            <td className="lx-t2">{column.samples.join(' · ')}</td>
            <td>
              <Select
                className="field-wide"
                data-column={at}
                aria-label={t('import.becomes_of', { name: column.label || String(at + 1) })}
                showSearch={{ optionFilterProp: 'label' }}
                options={options}
                value={columns[at] ?? ''}
                onChange={(made: string) => onChange(preview.columns.map((_, i) => (i === at ? made || null : (columns[i] ?? null))))}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function firstPlan(value: Import, preview: Preview): Pick<Plan, 'columns' | 'duplicates' | 'keys'> {
  const kept = value.plan?.columns.length === preview.columns.length ? value.plan : null;
  return { columns: kept?.columns ?? preview.columns.map(({ field }) => field), duplicates: kept?.duplicates ?? 'skip', keys: kept?.keys ?? preview.keys };
}

export function MapStep({ state, value, onChecking }: { state: ImportState; value: Import; onChecking: () => void }) {
  const t = useT();
  const [preview, setPreview] = useState<Preview | undefined>(value.preview);
  const [plan, setPlan] = useState(() => (value.preview ? firstPlan(value, value.preview) : null));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  if (!preview || !plan) return null;
  const look = async (made: Look) => {
    try {
      const got = await readPreview(value.id, made);
      setPreview(got);
      setPlan({ columns: got.columns.map(({ field }) => field), duplicates: plan.duplicates, keys: got.keys });
      setProblem(null);
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  const missing = preview.targets.filter((each) => each.required && !plan.columns.includes(each.name));
  const usable = preview.keys.filter((key) => plan.columns.includes(key));
  const check = async () => {
    setBusy(true);
    const { head, sheet, encoding, delimiter } = preview;
    const keys = plan.keys.filter((key) => usable.includes(key));
    const body = { ...plan, keys, head, sheet, encoding, delimiter, lang: langStore.get(), offset_min: -new Date().getTimezoneOffset() };
    if ((await state.act('PUT', 'mapping', body)) && (await state.act('POST', 'check'))) onChecking();
    setBusy(false);
  };
  return (
    <>
      {problem && <ErrorNote problem={problem} />}
      <Reading preview={preview} onLook={(made) => void look(made)} />
      <div className="import-scroll">
        <Columns preview={preview} columns={plan.columns} onChange={(columns) => setPlan({ ...plan, columns })} />
      </div>
      <div className="import-duplicates">
        <span className="lx-t3 lx-12">{t('import.duplicates')}</span>
        <Radio.Group value={plan.duplicates} onChange={(event) => setPlan({ ...plan, duplicates: event.target.value as Plan['duplicates'] })} options={kinds.map((kind) => ({ value: kind, label: tWord('import', `dup_${kind}`) }))} />
        {usable.length > 1 && (
          <Checkbox.Group aria-label={t('import.keys')} value={plan.keys} onChange={(keys) => setPlan({ ...plan, keys: keys.map(String) })} options={usable.map((key) => ({ value: key, label: t('import.key', { name: labelOf(preview.targets.find(({ name }) => name === key)?.label) || key }) }))} />
        )}
      </div>
      <div className="lx-row import-foot">
        <span className="lx-t2">{missing.length > 0 ? t('import.missing', { names: missing.map((each) => labelOf(each.label)).join(t('field.comma')) }) : t('import.check_what')}</span>
        <Button className="lx-end" type="primary" data-act="check" loading={busy} disabled={missing.length > 0} onClick={() => void check()}>
          {t('import.check')}
        </Button>
      </div>
    </>
  );
}
