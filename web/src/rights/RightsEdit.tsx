// The rights of a role: each right a line, each scope a column; a resource's head gives a scope to all of its rights.
import { Checkbox, Input, Select, Switch } from 'antd';
import { useState } from 'react';
import type { RightMeta } from '../api/shapes';
import { Icon } from '../components/Icon';
import type { EditProps } from '../fields/types';
import { useFound } from '../fields/useFound';
import { labelOf, tWord, useT } from '../i18n';
import { resourceNamed, useMeta } from '../store/meta';
import { give, giveAll, giveSets, groupsOf, has, impliedBy, labelBelow, scopes, setsOf, type Grant, type Group } from './grants';
import './rights.css';

interface Shared {
  grants: Grant[];
  disabled: boolean;
  onChange: (grants: Grant[]) => void;
}

function Cell({ right, scope, grants, disabled, onChange }: Shared & { right: RightMeta; scope: string }) {
  const t = useT();
  if (!right.scopes.includes(scope)) return <td />;
  const implied = impliedBy(grants, right.name, scope);
  return (
    <td>
      <Checkbox
        checked={implied || has(grants, right.name, scope)}
        disabled={disabled || implied}
        aria-label={t('rights.cell', { right: labelOf(right.label), scope: tWord('scope', scope) })}
        data-grant={`${right.name}/${scope}`}
        onChange={(event) => onChange(give(grants, right.name, scope, event.target.checked))}
      />
    </td>
  );
}

function Sets({ right, grants, disabled, onChange }: Shared & { right: RightMeta }) {
  const t = useT();
  const { found, setText } = useFound('data_sets');
  const mine = setsOf(grants, right.name);
  const options = [...found, ...mine.filter((each) => !found.some(({ value }) => value === each.set)).map((each) => ({ value: each.set ?? '', label: each.set_name ?? each.set ?? '' }))];
  return (
    <tr className="rights-sets">
      <td colSpan={scopes.length + 1}>
        <Select
          mode="multiple"
          size="small"
          className="field-wide"
          disabled={disabled}
          aria-label={t('rights.cell', { right: labelOf(right.label), scope: tWord('scope', 'set') })}
          placeholder={t('rights.sets')}
          showSearch={{ filterOption: false, onSearch: setText }}
          onOpenChange={(open) => open && setText('')}
          options={options}
          value={mine.map((each) => each.set ?? '')}
          onChange={(made: string[]) => onChange(giveSets(grants, right.name, made))}
        />
      </td>
    </tr>
  );
}

function Line({ right, of, bySet, ...shared }: Shared & { right: RightMeta; of: string; bySet: boolean }) {
  const may = right.scopes.includes('set') && !impliedBy(shared.grants, right.name, 'set');
  return (
    <>
      <tr data-right={right.name}>
        <th scope="row">{labelBelow(right, of)}</th>
        {scopes.map((scope) => (
          <Cell key={scope} right={right} scope={scope} {...shared} />
        ))}
      </tr>
      {may && (bySet || setsOf(shared.grants, right.name).length > 0) && <Sets right={right} {...shared} />}
    </>
  );
}

function Block({ group, bySet, ...shared }: Shared & { group: Group; bySet: boolean }) {
  const t = useT();
  const { grants, disabled, onChange } = shared;
  const name = labelOf(resourceNamed(group.resource)?.labels) || group.resource;
  return (
    <tbody>
      <tr className="rights-head">
        <th scope="rowgroup">{name}</th>
        {scopes.map((scope) => {
          const can = group.rights.filter((right) => right.scopes.includes(scope));
          const on = can.filter((right) => has(grants, right.name, scope) || impliedBy(grants, right.name, scope)).length;
          return (
            <td key={scope}>
              {can.length > 0 && (
                <Checkbox
                  checked={on === can.length}
                  indeterminate={on > 0 && on < can.length}
                  disabled={disabled}
                  aria-label={t('rights.cell', { right: name, scope: tWord('scope', scope) })}
                  onChange={(event) => onChange(giveAll(grants, group.rights, scope, event.target.checked))}
                />
              )}
            </td>
          );
        })}
      </tr>
      {group.rights.map((right) => (
        <Line key={right.name} right={right} of={name} bySet={bySet} {...shared} />
      ))}
    </tbody>
  );
}

export function matchesRight(right: RightMeta, text: string, resource: string): boolean {
  const label = typeof right.label === 'object' ? `${right.label.zh} ${right.label.en}` : '';
  return `${right.name} ${label} ${resource}`.toLowerCase().includes(text.toLowerCase());
}

export function RightsEdit({ value, disabled, onChange }: EditProps) {
  const t = useT();
  const { meta } = useMeta();
  const [text, setText] = useState('');
  const [bySet, setBySet] = useState(false);
  const [given, setGiven] = useState(false);
  const grants = Array.isArray(value) ? (value as Grant[]) : [];
  const held = new Set(grants.map(({ right }) => right));
  const all = meta?.rights ?? [];
  const shown = all.filter((right) => (!given || held.has(right.name)) && matchesRight(right, text.trim(), labelOf(resourceNamed(right.resource)?.labels)));
  return (
    <div className="rights">
      <div className="lx-row rights-tools">
        <Input allowClear prefix={<Icon name="find" size={14} />} placeholder={t('rights.search')} aria-label={t('rights.search')} value={text} onChange={(event) => setText(event.target.value)} />
        <Checkbox checked={given} onChange={(event) => setGiven(event.target.checked)}>
          {t('rights.given', { n: held.size })}
        </Checkbox>
      </div>
      <table className="rights-table" aria-label={t('rights.title')}>
        <thead>
          <tr>
            <th scope="col">{t('rights.right')}</th>
            {scopes.map((scope) => (
              <th key={scope} scope="col">
                {tWord('scope', scope)}
              </th>
            ))}
          </tr>
        </thead>
        {groupsOf(shown).map((group) => (
          <Block key={group.resource} group={group} bySet={bySet} grants={grants} disabled={disabled} onChange={onChange} />
        ))}
      </table>
      {shown.length === 0 && <p className="lx-t3">{t('rights.none')}</p>}
      <label className="lx-row lx-12 lx-t2">
        <Switch size="small" checked={bySet} onChange={setBySet} /> {t('rights.by_set')}
      </label>
    </div>
  );
}
