import { shortMoment } from '../i18n/format';
import { textOf, type ShowProps } from './types';

export function TimeShow({ value }: ShowProps) {
  return <span className="lx-nowrap">{shortMoment(textOf(value))}</span>;
}
