import type { ResourceMeta, Row } from '../../api/shapes';
import { labelOf } from '../../i18n';
import { resourceNamed } from '../../store/meta';

function choice(audit: ResourceMeta, field: string, value: unknown): string {
  const choices = audit.fields.find(({ name }) => name === field)?.choices ?? [];
  return labelOf(choices.find((each) => each.value === value)?.label) || String(value ?? '');
}

// An act is named by the trail's own words, else by the state it moves.
export function actionName(audit: ResourceMeta, row: Row): string {
  const action = resourceNamed(String(row.resource))?.actions?.find(({ name }) => name === row.action);
  return action ? labelOf(action.label) : choice(audit, 'action', row.action);
}

export function kindName(audit: ResourceMeta, row: Row): string {
  return labelOf(resourceNamed(String(row.resource))?.label) || choice(audit, 'resource', row.resource);
}
