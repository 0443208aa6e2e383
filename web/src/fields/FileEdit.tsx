// A file goes up as soon as it is chosen; the record takes it when it is saved.
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { upload } from '../api/client';
import { asProblem } from '../api/problem';
import { Icon } from '../components/Icon';
import { labelOf, useT } from '../i18n';
import { textOf, type EditProps } from './types';

export function FileEdit({ field, value, row, id, invalid, disabled, onChange }: EditProps) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const now = textOf(value);
  const shown = name ?? textOf(row?.[field.name] === value ? row?.[`${field.name}_name`] : '');
  const choose = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    setWrong('');
    try {
      const made = await upload(file);
      setName(made.name);
      onChange(made.id);
    } catch (error) {
      setWrong(asProblem(error).status === 413 ? t('wrong.too_large') : t('field.upload_failed'));
    }
    setBusy(false);
  };
  return (
    <div className="lx-row" role="group" aria-label={labelOf(field.label)} aria-invalid={invalid}>
      <input
        ref={input}
        type="file"
        style={{ display: 'none' }}
        accept={(field.accept ?? '').split(' ').map((each) => (each.endsWith('/') ? `${each}*` : each)).join(',')}
        onChange={(event) => {
          void choose(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      <Button id={id} loading={busy} disabled={disabled} onClick={() => input.current?.click()}>
        {t('field.choose_file')}
      </Button>
      <span className={wrong ? 'lx-over lx-cut lx-grow' : 'lx-cut lx-grow'}>{wrong || (now === '' ? t('field.no_file') : shown || now)}</span>
      {now !== '' && !field.required && (
        <Button type="text" disabled={disabled} aria-label={t('field.remove')} icon={<Icon name="close" />} onClick={() => onChange(null)} />
      )}
    </div>
  );
}
