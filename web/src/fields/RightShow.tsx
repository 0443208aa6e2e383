import { labelOf, useLang } from '../i18n';
import { useMeta } from '../store/meta';
import { textOf, type ShowProps } from './types';

// A right by what it allows: customer.read is 查看客户.
export function RightShow({ value }: ShowProps) {
  useLang();
  const { meta } = useMeta();
  const name = textOf(value);
  return <span className="lx-cut">{labelOf(meta?.rights.find((each) => each.name === name)?.label) || name || '—'}</span>;
}
