// One show and one edit component for each type of field; what a resource is made of, the server says.
import type { ComponentType } from 'react';
import { BooleanEdit } from './BooleanEdit';
import { BooleanShow } from './BooleanShow';
import { DurationEdit } from './DurationEdit';
import { DurationShow } from './DurationShow';
import { EnumEdit } from './EnumEdit';
import { EnumShow } from './EnumShow';
import { IntegerEdit } from './IntegerEdit';
import { IntegerShow } from './IntegerShow';
import { JsonEdit } from './JsonEdit';
import { JsonShow } from './JsonShow';
import { ListEdit } from './ListEdit';
import { ListShow } from './ListShow';
import { RefEdit } from './RefEdit';
import { RefShow } from './RefShow';
import { SecretEdit } from './SecretEdit';
import { SecretShow } from './SecretShow';
import { StringEdit } from './StringEdit';
import { StringShow } from './StringShow';
import { TextEdit } from './TextEdit';
import { TextShow } from './TextShow';
import { TimeEdit } from './TimeEdit';
import { TimeShow } from './TimeShow';
import type { EditProps, ShowProps } from './types';

export interface FieldType {
  Show: ComponentType<ShowProps>;
  Edit: ComponentType<EditProps>;
}

const string: FieldType = { Show: StringShow, Edit: StringEdit };

export const fieldTypes: Record<string, FieldType> & { string: FieldType } = {
  string,
  id: string,
  text: { Show: TextShow, Edit: TextEdit },
  integer: { Show: IntegerShow, Edit: IntegerEdit },
  boolean: { Show: BooleanShow, Edit: BooleanEdit },
  enum: { Show: EnumShow, Edit: EnumEdit },
  ref: { Show: RefShow, Edit: RefEdit },
  time: { Show: TimeShow, Edit: TimeEdit },
  duration: { Show: DurationShow, Edit: DurationEdit },
  secret: { Show: SecretShow, Edit: SecretEdit },
  json: { Show: JsonShow, Edit: JsonEdit },
  list: { Show: ListShow, Edit: ListEdit },
};
