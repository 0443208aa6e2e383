// What the import would do, before it does it: counts, the rows that are refused and why, duplicates with a choice for each.
import { Button, Select } from 'antd';
import { useState } from 'react';
import { base, send } from '../api/client';
import { useLoad } from '../api/useLoad';
import { ErrorNote } from '../components/ErrorNote';
import { TabBar } from '../components/TabBar';
import { labelOf, tWord, useLang, useT, words, type Key } from '../i18n';
import { figure } from '../i18n/format';
import type { Counts, Import, ImportState } from './useImport';

interface RowFault {
  column: number | null;
  field: string;
  code: string;
  message: string;
  message_zh?: string;
}

interface CheckedRow {
  n: number;
  outcome: string;
  cells: string[];
  errors: RowFault[] | null;
  record: string | null;
  record_name: string | null;
  twin: number | null;
  choice: string | null;
}

interface Rows {
  items: CheckedRow[];
  next: number | string | null;
}

const shownCounts = ['rows', 'new', 'changed', 'same', 'skipped', 'duplicates', 'refused'] as const;
const choices = ['skip', 'update', 'create'];

export function CountStrip({ counts }: { counts: Counts }) {
  return (
    <dl className="import-counts">
      {shownCounts.map((name) => (
        <div key={name} data-count={name}>
          <dd className={name === 'refused' && counts.refused > 0 ? 'lx-over' : ''}>{figure(counts[name] ?? 0)}</dd>
          <dt>{tWord('import', `count_${name}`)}</dt>
        </div>
      ))}
    </dl>
  );
}

function Fault({ fault, value }: { fault: RowFault; value: Import }) {
  const t = useT();
  const lang = useLang();
  const target = value.preview?.targets.find(({ name }) => name === fault.field);
  const key = `wrong.${fault.code}`;
  const said = lang === 'en' ? fault.message : (fault.message_zh ?? (key in words ? words[key as Key][0] : fault.message));
  return (
    <div className="lx-over">
      {t('wrong.inside', { place: labelOf(target?.label) || fault.field, text: said })}
    </div>
  );
}

function Found({ value, outcome }: { value: Import; outcome: 'refused' | 'duplicate' }) {
  const t = useT();
  const { value: rows, problem, again } = useLoad<Rows>(`/imports/${value.id}/rows?outcome=${outcome}`);
  const choose = async (n: number, choice: string | null) => {
    await send('PUT', `/imports/${value.id}/rows/${n}`, { choice });
    again();
  };
  if (problem) return <ErrorNote problem={problem} again={again} />;
  return (
    <div className="import-scroll">
      <table className="dt import-found" aria-label={tWord('import', outcome)}>
        <tbody>
          {(rows?.items ?? []).map((row) => (
            <tr key={row.n} data-n={row.n}>
              <td className="lx-t3 dt-right">{row.n}</td>
              <td>{row.cells.filter((cell) => cell !== '').join(' · ')}</td>
              <td>
                {(row.errors ?? []).map((fault, i) => (
                  <Fault key={i} fault={fault} value={value} />
                ))}
                {outcome === 'duplicate' && (row.record_name ? t('import.same_as', { name: row.record_name }) : row.twin !== null ? t('import.same_row', { n: row.twin }) : '')}
              </td>
              {outcome === 'duplicate' && (
                <td>
                  <Select
                    size="small"
                    className="field-wide"
                    aria-label={t('import.choice', { n: row.n })}
                    value={row.choice ?? ''}
                    options={[{ value: '', label: t('import.as_usual') }, ...choices.map((each) => ({ value: each, label: tWord('import', `dup_${each}`) }))]}
                    onChange={(made: string) => void choose(row.n, made || null)}
                  />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Props {
  state: ImportState;
  value: Import;
  counts: Counts;
  onBack: () => void;
}

export function CheckStep({ state, value, counts, onBack }: Props) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [tab, setTab] = useState<'refused' | 'duplicate'>(counts.refused > 0 ? 'refused' : 'duplicate');
  const act = async (what: 'run' | 'check') => {
    setBusy(true);
    await state.act('POST', what);
    setBusy(false);
  };
  const n = counts.new + counts.changed;
  return (
    <>
      <CountStrip counts={counts} />
      {(counts.refused > 0 || counts.duplicates > 0) && (
        <>
          <TabBar
            label={t('import.found')}
            value={tab}
            onChange={setTab}
            tabs={[
              { key: 'refused', label: t('import.refused'), n: counts.refused },
              { key: 'duplicate', label: t('import.duplicate'), n: counts.duplicates },
            ]}
          />
          <Found key={tab} value={value} outcome={tab} />
        </>
      )}
      <div className="lx-row import-foot">
        <Button onClick={onBack}>{t('import.back')}</Button>
        {counts.refused > 0 && (
          <Button type="link" href={`${base}/imports/${value.id}/refused`} download>
            {t('import.refused_file')}
          </Button>
        )}
        <span className="lx-end lx-row">
          {counts.duplicates > 0 && (
            <Button data-act="check" loading={busy} onClick={() => void act('check')}>
              {t('import.check_again')}
            </Button>
          )}
          <Button type="primary" data-act="run" loading={busy} disabled={n === 0} onClick={() => void act('run')}>
            {t('import.run', { n: figure(n) })}
          </Button>
        </span>
      </div>
    </>
  );
}
