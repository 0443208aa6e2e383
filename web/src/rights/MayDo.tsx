// What a person may do: the sum of his roles, right by right, and from which role each comes.
import { Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import { get } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import type { Row } from '../api/shapes';
import { Bones } from '../components/Bones';
import { Empty } from '../components/Empty';
import { ErrorNote } from '../components/ErrorNote';
import { textOf } from '../fields/types';
import { labelOf, tWord, useT } from '../i18n';
import { resourceNamed, useMeta } from '../store/meta';
import { groupsOf, labelBelow, reachOf, type Grant, type Group } from './grants';
import './rights.css';

interface Role {
  id: string;
  name: string;
  all_rights: boolean;
  grants: Grant[];
}

function useRoles(ids: string[]): { roles: Role[] | null; problem: Problem | null; again: () => void } {
  const [held, setHeld] = useState<{ key: string; roles: Role[] | null; problem: Problem | null }>({ key: '', roles: null, problem: null });
  const [turn, setTurn] = useState(0);
  const key = ids.join();
  useEffect(() => {
    let wanted = true;
    Promise.all((key === '' ? [] : key.split(',')).map((id) => get<Role>(`/roles/${id}`))).then(
      (roles) => wanted && setHeld({ key, roles, problem: null }),
      (error: unknown) => wanted && setHeld({ key, roles: null, problem: asProblem(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [key, turn]);
  const now = held.key === key ? held : { roles: null, problem: null };
  return { roles: now.roles, problem: now.problem, again: () => setTurn((n) => n + 1) };
}

function GroupOf({ group, grants, roles }: { group: Group; grants: Grant[]; roles: Role[] }) {
  const t = useT();
  const of = labelOf(resourceNamed(group.resource)?.labels) || group.resource;
  return (
    <>
      <h3>{of}</h3>
      {group.rights.map((right) => {
        const { scopes, sets } = reachOf(grants, right.name);
        const from = roles.filter((role) => role.all_rights || role.grants.some((each) => each.right === right.name)).map(({ name }) => name);
        const words = [...scopes.map((scope) => tWord('scope', scope)), ...sets.map((each) => each.set_name ?? each.set ?? '')];
        return (
          <div key={right.name} style={{ display: 'contents' }} data-may={right.name}>
            <span>{labelBelow(right, of)}</span>
            <Tooltip title={t('rights.from', { roles: from.join(t('field.comma')) })}>
              <span className="lx-t2">{words.join(t('field.comma'))}</span>
            </Tooltip>
          </div>
        );
      })}
    </>
  );
}

export function MayDo({ row: user }: { row: Row }) {
  const t = useT();
  const { meta } = useMeta();
  const ids = (Array.isArray(user.roles) ? (user.roles as Row[]) : []).map((each) => textOf(each.role));
  const { roles, problem, again } = useRoles(ids);
  if (problem) return <ErrorNote problem={problem} again={again} />;
  if (!roles || !meta) return <Bones rows={5} />;
  const all = roles.find((role) => role.all_rights);
  const grants: Grant[] = all ? meta.rights.map(({ name }) => ({ right: name, scope: 'all' })) : roles.flatMap((role) => role.grants);
  const shown = meta.rights.filter(({ name }) => grants.some((each) => each.right === name));
  if (shown.length === 0) return <Empty icon="lock" title={t('rights.nothing')} text={t('rights.nothing_what')} />;
  return (
    <div className="may-list">
      {all && <p className="lx-t2">{t('rights.everything', { role: all.name })}</p>}
      {groupsOf(shown).map((group) => (
        <GroupOf key={group.resource} group={group} grants={grants} roles={roles} />
      ))}
    </div>
  );
}
