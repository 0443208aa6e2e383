import type { Id } from '../api/shapes';
import { useT } from '../i18n';
import { dayOrTime } from '../i18n/format';
import { useContactCall } from './me';
import { useTimeline } from '../customer/useTimeline';

export function LastTime({ customer, current }: { customer: Id | null; current: Id }) {
  const t = useT();
  const call = useContactCall();
  const { value } = useTimeline(customer, call?.from ?? null);
  const last = value?.items.find((row) => row.id !== current);
  if (!value) return <span>—</span>;
  if (!last) return <span>{t('ring.first')}</span>;
  const when = dayOrTime(last.started);
  return <span>{last.agent_name ? t('ring.last_by', { when, agent: last.agent_name }) : t('ring.last_lost', { when })}</span>;
}
