// Two customers side by side: for each field that differs whose value stays, and what comes out of it; then they are one.
import { App, Button, Modal, Radio } from 'antd';
import { useState } from 'react';
import { ask } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import type { FieldMeta, ResourceMeta, Row } from '../api/shapes';
import { useLoad } from '../api/useLoad';
import { Bones } from '../components/Bones';
import { ErrorNote } from '../components/ErrorNote';
import { Icon } from '../components/Icon';
import { textOf } from '../fields/types';
import { ValueShow } from '../fields/ValueShow';
import { labelOf, useT } from '../i18n';
import { useAsk } from '../record/useAsk';
import './merge.css';
import { isOpen, outcome, pairsOf, sideOf, type Pair, type Side, type Sides } from './mergeRows';

interface Props {
  resource: ResourceMeta;
  one: string;
  other: string;
  onDone: () => void;
  onClose: () => void;
}

function Choice({ pair, one, other, side, onChoose }: { pair: Pair; one: Row; other: Row; side: Side; onChoose: (side: Side) => void }) {
  const t = useT();
  const { field, mine, theirs, differs } = pair;
  const show = (value: unknown, row: Row) => <ValueShow field={field} value={value} row={row} />;
  const label = labelOf(field.label) || field.name;
  if (!differs) {
    return (
      <tr>
        <th scope="row">{label}</th>
        <td colSpan={2} className="lx-t2">
          {show(mine, one)}
        </td>
      </tr>
    );
  }
  if (!isOpen(pair)) {
    return (
      <tr>
        <th scope="row">{label}</th>
        <td>{show(mine, one)}</td>
        <td>{show(theirs, other)}</td>
      </tr>
    );
  }
  return (
    <tr data-merge={field.name}>
      <th scope="row">{label}</th>
      {(['this', 'other'] as const).map((each) => (
        <td key={each} className={side === each ? 'merge-on' : ''}>
          <Radio name={`merge-${field.name}`} value={each} checked={side === each} onChange={() => onChoose(each)}>
            <span className="lx-sr">{t(each === 'this' ? 'customer.this' : 'customer.other')}</span>
            {show(each === 'this' ? mine : theirs, each === 'this' ? one : other)}
          </Radio>
        </td>
      ))}
    </tr>
  );
}

function Lists({ fields, one, other }: { fields: FieldMeta[]; one: Row; other: Row }) {
  const some = (row: Row, name: string) => Array.isArray(row[name]) && row[name].length > 0;
  return fields
    .filter(({ name }) => some(one, name) || some(other, name))
    .map((field) => (
      <tr key={field.name}>
        <th scope="row">{labelOf(field.label)}</th>
        <td>
          <ValueShow field={field} value={one[field.name]} row={one} />
        </td>
        <td>
          <ValueShow field={field} value={other[field.name]} row={other} />
        </td>
      </tr>
    ));
}

function Preview({ resource, made }: { resource: ResourceMeta; made: Row }) {
  const t = useT();
  const fields = resource.fields.filter((field) => !field.read_only && field.type !== 'secret' && made[field.name] !== null && made[field.name] !== undefined && textOf(made[field.name]) !== '[]' && !(Array.isArray(made[field.name]) && (made[field.name] as unknown[]).length === 0));
  return (
    <section className="merge-out" aria-label={t('customer.merge_out')}>
      <h3>{t('customer.merge_out')}</h3>
      <dl>
        {fields.map((field) => (
          <div key={field.name} className="merge-fact" data-out={field.name}>
            <dt>{labelOf(field.label)}</dt>
            <dd>
              <ValueShow field={field} value={made[field.name]} row={made} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Compared({ resource, one, other, chosen, onChoose, onSwap }: { resource: ResourceMeta; one: Row; other: Row; chosen: Sides; onChoose: (name: string, side: Side) => void; onSwap: () => void }) {
  const t = useT();
  const lists = resource.fields.filter(({ type }) => type === 'list');
  return (
    <div className="merge">
      <table className="merge-table">
        <thead>
          <tr>
            <td>
              <Button size="small" type="text" icon={<Icon name="transfer" size={14} />} data-act="swap" onClick={onSwap}>
                {t('customer.merge_swap')}
              </Button>
            </td>
            <th scope="col">
              {textOf(one.name)} <span className="lx-t3 lx-12">{t('customer.this')}</span>
            </th>
            <th scope="col">
              {textOf(other.name)} <span className="lx-t3 lx-12">{t('customer.other')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {pairsOf(resource, one, other).map((pair) => (
            <Choice key={pair.field.name} pair={pair} one={one} other={other} side={sideOf(pair, chosen)} onChoose={(side) => onChoose(pair.field.name, side)} />
          ))}
          <Lists fields={lists} one={one} other={other} />
        </tbody>
      </table>
      <Preview resource={resource} made={outcome(resource, one, other, chosen)} />
    </div>
  );
}

export function MergeDialog({ resource, one: oneId, other: otherId, onDone, onClose }: Props) {
  const t = useT();
  const confirm = useAsk();
  const { message } = App.useApp();
  const [swapped, setSwapped] = useState(false);
  const [chosen, setChosen] = useState<Sides>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const first = useLoad<Row>(`/customers/${swapped ? otherId : oneId}`);
  const second = useLoad<Row>(`/customers/${swapped ? oneId : otherId}`);
  const one = first.loading ? undefined : first.value;
  const other = second.loading ? undefined : second.value;
  const failed = problem ?? first.problem ?? second.problem;
  const merge = async () => {
    if (!one || !other) return;
    const names = { one: textOf(one.name), other: textOf(other.name) };
    if (!(await confirm(t('customer.merge_ask', names), t('customer.merge_asked', names), t('customer.merge_do')))) return;
    setBusy(true);
    setProblem(null);
    try {
      const fields = Object.fromEntries(pairsOf(resource, one, other).filter(isOpen).map((pair) => [pair.field.name, sideOf(pair, chosen)]));
      await ask(`/customers/${one.id}/merge`, { method: 'POST', body: { other: other.id, other_version: other.version, fields }, etag: `"${String(one.version)}"` });
      void message.success(t('customer.merged', { name: names.one }));
      onDone();
    } catch (error) {
      const refused = asProblem(error);
      setProblem(refused);
      if (refused.status === 412) {
        first.again();
        second.again();
      }
    }
    setBusy(false);
  };
  return (
    <Modal open width={920} title={t('customer.merge_title')} okText={t('customer.merge_do')} cancelText={t('admin.cancel')} okButtonProps={{ disabled: !one || !other }} confirmLoading={busy} onOk={() => void merge()} onCancel={onClose}>
      <p className="lx-t2">{t('customer.merge_what')}</p>
      {failed && <ErrorNote problem={failed} />}
      {one && other ? (
        <Compared
          resource={resource}
          one={one}
          other={other}
          chosen={chosen}
          onChoose={(name, side) => setChosen((old) => ({ ...old, [name]: side }))}
          onSwap={() => {
            setSwapped(!swapped);
            setChosen({});
          }}
        />
      ) : (
        !failed && <Bones rows={6} />
      )}
    </Modal>
  );
}
