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

const isMasked = (value: unknown): boolean => JSON.stringify(value ?? '').includes('*');

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
  field: FieldMeta;
}

// The whole, once it was opened; it is kept on this page alone.
export function useRevealed({ resource, state, field }: Props) {
  const t = useT();
  const [held, setHeld] = useState<{ version: unknown; value: unknown } | null>(null);
  const [asking, setAsking] = useState(false);
  const row = state.value;
  const whole = held && held.version === row?.version ? held.value : null;
  const may = isMasked(row?.[field.name]) && can(resource, 'reveal');
  const button =
    whole !== null ? (
      <Button type="link" size="small" onClick={() => setHeld(null)}>
        {t('customer.hide')}
      </Button>
    ) : may && row ? (
      <Popover
        trigger="click"
        arrow={false}
        open={asking}
        onOpenChange={setAsking}
        destroyOnHidden
        content={
          <Ask
            id={row.id}
            field={field.name}
            onValue={(value) => {
              setHeld({ version: row.version, value });
              setAsking(false);
            }}
          />
        }
      >
        <button type="button" className="lx-plain in-place-pen" data-reveal={field.name} aria-label={t('customer.reveal')} title={t('customer.reveal')}>
          <Icon name="eye" size={14} />
        </button>
      </Popover>
    ) : null;
  return { value: whole ?? row?.[field.name], button };
}

export function Masked(props: Props) {
  const { value, button } = useRevealed(props);
  return (
    <>
      <ValueShow field={props.field} value={value} />
      {button}
    </>
  );
}
