// A new key: what it is for, what it may do (of what its maker may), until when.
import { DatePicker, Input, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { send } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type { Session } from '../../api/shapes';
import { ErrorNote } from '../../components/ErrorNote';
import { errorText } from '../../fields/check';
import { labelOf, tWord, useT } from '../../i18n';
import { useMeta } from '../../store/meta';

interface Props {
  session: Session;
  onMade: (secret: string) => void;
  onClose: () => void;
}

const days = 90;

function useRights(held: string[]) {
  const { meta } = useMeta();
  const known = (meta?.rights ?? []).filter(({ name }) => held.includes(name));
  const areas = [...new Set(known.map(({ area }) => area))];
  return areas.map((area) => ({ label: tWord('area', area), title: area, options: known.filter((each) => each.area === area).map((each) => ({ value: each.name, label: labelOf(each.label) || each.name })) }));
}

export function NewToken({ session, onMade, onClose }: Props) {
  const t = useT();
  const options = useRights(session.rights);
  const [name, setName] = useState('');
  const [rights, setRights] = useState<string[]>([]);
  const [expires, setExpires] = useState<Dayjs | null>(() => dayjs().add(days, 'day').endOf('day'));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const lacks = name.trim() === '' || rights.length === 0;
  const make = async () => {
    if (lacks) return;
    setBusy(true);
    setProblem(null);
    try {
      const { secret } = await send<{ secret: string }>('POST', '/api_tokens', { name: name.trim(), rights: rights.map((right) => ({ right })), expires: expires?.toISOString() ?? null });
      onMade(secret);
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  const wrong = problem?.errors[0];
  return (
    <Modal open title={t('account.new_token')} okText={t('account.make')} cancelText={t('admin.cancel')} okButtonProps={{ disabled: lacks }} confirmLoading={busy} onOk={() => void make()} onCancel={onClose}>
      {problem && (wrong ? <p className="lx-over" role="alert">{errorText(wrong, { name: wrong.field, type: 'string' })}</p> : <ErrorNote problem={problem} />)}
      <div className="account-form">
        <label htmlFor="token-name">{t('account.token_name')}</label>
        <Input id="token-name" autoFocus maxLength={64} value={name} placeholder={t('account.token_name_hint')} onChange={(event) => setName(event.target.value)} onPressEnter={() => void make()} />
        <label htmlFor="token-rights">{t('account.token_rights')}</label>
        <Select<string[]> id="token-rights" mode="multiple" value={rights} options={options} showSearch={{ optionFilterProp: 'label' }} placeholder={t('account.token_rights_hint')} maxTagCount={6} onChange={setRights} />
        <label htmlFor="token-expires">{t('account.token_expires')}</label>
        <DatePicker id="token-expires" value={expires} minDate={dayjs()} placeholder={t('account.for_ever')} onChange={(made) => setExpires(made ? made.endOf('day') : null)} />
      </div>
    </Modal>
  );
}
