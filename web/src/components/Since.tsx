import { clock } from '../i18n/format';
import { useNow } from '../store/now';

// How long something has stood, second by second. Only this text redraws.
export function Since({ at }: { at: number | null | undefined }) {
  const now = useNow();
  return <span className="lx-nowrap">{at ? clock(now - at) : '—'}</span>;
}
