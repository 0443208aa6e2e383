// A value shown in part, and its whole for those who may open it and say why.
import { Button, Input, Popover } from 'antd';
import { useState } from 'react';
import { send } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import type { FieldMeta, Id, ResourceMeta } from '../api/shapes';
import { problemTitle } from '../components/ErrorNote';
import { Icon } from '../components/Icon';
import { useT } from '../i18n';
import { ValueShow } from '../fields/ValueShow';
import { can } from '../store/meta';
import type { CustomerState } from './useCustomer';

// What is shown of it instead: 138****8000.
export const isMasked = (value: unknown): boolean => typeof value === 'string' && value.includes('****');

export async function reveal(id: Id, field: string, reason: string): Promise<unknown> {
  const { value } = await send<{ value: unknown }>('POST', `/customers/${id}/reveal`, { field, reason });
  return value;
}

interface AskProps {
  id: Id;
  field: string;
  onValue: (value: unknown) => void;
}

function Ask({ id, field, onValue }: AskProps) {
  const t = useT();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const go = async () => {
    if (reason.trim() === '') return;
    setBusy(true);
    try {
      onValue(await reveal(id, field, reason.trim()));
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  return (
    <div className="reveal">
      <label htmlFor={`reveal-${field}`}>{t('customer.reveal_why')}</label>
      <Input id={`reveal-${field}`} autoFocus maxLength={200} value={reason} status={problem ? 'error' : ''} onChange={(event) => setReason(event.target.value)} onPressEnter={() => void go()} />
      {problem && <p className="lx-12 lx-over" role="alert">{problemTitle(problem)}</p>}
      <div className="lx-row">
        <span className="lx-12 lx-t3 lx-grow">{t('customer.reveal_note')}</span>
        <Button size="small" type="primary" data-act="reveal-do" loading={busy} disabled={reason.trim() === ''} onClick={() => void go()}>
          {t('customer.reveal_do')}
        </Button>
      </div>
    </div>
  );
}

interface Props {
  resource: ResourceMeta;
  state: CustomerState;
  path: string; // "id_card", "numbers[81].number"
  value: unknown;
}

// The whole, once it was opened; it is kept on this page alone.
export function useRevealed({ resource, state, path, value }: Props) {
  const t = useT();
  const [held, setHeld] = useState<{ version: unknown; value: unknown } | null>(null);
  const [asking, setAsking] = useState(false);
  const version = state.value?.version;
  const whole = held && held.version === version ? held.value : null;
  if (whole !== null) {
    const hide = (
      <Button type="link" size="small" onClick={() => setHeld(null)}>
        {t('customer.hide')}
      </Button>
    );
    return { value: whole, button: hide };
  }
  if (!isMasked(value) || !can(resource, 'reveal')) return { value, button: null };
  const keep = (made: unknown) => {
    setHeld({ version, value: made });
    setAsking(false);
  };
  const eye = (
    <Popover trigger="click" arrow={false} open={asking} onOpenChange={setAsking} destroyOnHidden content={<Ask id={state.id} field={path} onValue={keep} />}>
      <button type="button" className="lx-plain in-place-pen" data-reveal={path} aria-label={t('customer.reveal')} title={t('customer.reveal')}>
        <Icon name="eye" size={14} />
      </button>
    </Popover>
  );
  return { value, button: eye };
}

export function Masked({ field, ...props }: Omit<Props, 'path'> & { field: FieldMeta }) {
  const { value, button } = useRevealed({ ...props, path: field.name });
  return (
    <>
      <ValueShow field={field} value={value} />
      {button}
    </>
  );
}
