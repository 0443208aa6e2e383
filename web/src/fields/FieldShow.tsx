import type { ComponentType } from 'react';
import { BrowserShow } from './BrowserShow';
import { fieldTypes } from './registry';
import { RightShow } from './RightShow';
import type { ShowProps } from './types';

// Strings that are read by what they stand for.
const byName: Record<string, ComponentType<ShowProps>> = { right: RightShow, user_agent: BrowserShow };

export function FieldShow(props: ShowProps) {
  const { name, type } = props.field;
  const Show = (type === 'string' ? byName[name] : undefined) ?? (fieldTypes[type] ?? fieldTypes.string).Show;
  return <Show {...props} />;
}
