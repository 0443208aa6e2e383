// One show and one edit component for each type of field; what a resource is made of, the server says.
import type { ComponentType } from 'react';
import { BooleanEdit } from './BooleanEdit';
import { BooleanShow } from './BooleanShow';
import { ChoicesEdit } from './ChoicesEdit';
import { ChoicesShow } from './ChoicesShow';
import { DateEdit } from './DateEdit';
import { DateShow } from './DateShow';
import { DurationEdit } from './DurationEdit';
import { DurationShow } from './DurationShow';
import { EnumEdit } from './EnumEdit';
import { EnumShow } from './EnumShow';
import { FileEdit } from './FileEdit';
import { FileShow } from './FileShow';
import { I18nEdit } from './I18nEdit';
import { I18nShow } from './I18nShow';
import { IntegerEdit } from './IntegerEdit';
import { IntegerShow } from './IntegerShow';
import { JsonEdit } from './JsonEdit';
import { JsonShow } from './JsonShow';
import { ListEdit } from './ListEdit';
import { ListShow } from './ListShow';
import { MoneyEdit } from './MoneyEdit';
import { MoneyShow } from './MoneyShow';
import { NumberEdit } from './NumberEdit';
import { NumberShow } from './NumberShow';
import { PhoneShow } from './PhoneShow';
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
  number: { Show: NumberShow, Edit: NumberEdit },
  phone: { Show: PhoneShow, Edit: StringEdit },
  money: { Show: MoneyShow, Edit: MoneyEdit },
  boolean: { Show: BooleanShow, Edit: BooleanEdit },
  enum: { Show: EnumShow, Edit: EnumEdit },
  choices: { Show: ChoicesShow, Edit: ChoicesEdit },
  ref: { Show: RefShow, Edit: RefEdit },
  time: { Show: TimeShow, Edit: TimeEdit },
  date: { Show: DateShow, Edit: DateEdit },
  duration: { Show: DurationShow, Edit: DurationEdit },
  secret: { Show: SecretShow, Edit: SecretEdit },
  i18n: { Show: I18nShow, Edit: I18nEdit },
  file: { Show: FileShow, Edit: FileEdit },
  json: { Show: JsonShow, Edit: JsonEdit },
  list: { Show: ListShow, Edit: ListEdit },
};
