// JSON written by hand: checked at each keystroke. While it cannot be read the text itself is the value, which keeps the
// form from saving it (fields/check.ts).
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useT } from '../i18n';
import type { EditProps } from './types';

function pretty(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

export function readJson(text: string): { value: unknown; wrong: string | null } {
  try {
    return { value: text.trim() === '' ? null : JSON.parse(text), wrong: null };
  } catch (error) {
    return { value: text, wrong: error instanceof Error ? error.message : String(error) };
  }
}

export function JsonEdit({ value, id, invalid, disabled, onChange }: EditProps) {
  const t = useT();
  const [text, setText] = useState(() => pretty(value));
  const { wrong } = readJson(text);
  const write = (made: string) => {
    setText(made);
    onChange(readJson(made).value);
  };
  return (
    <div>
      <Input.TextArea
        id={id}
        className="field-json"
        spellCheck={false}
        status={invalid || wrong ? 'error' : ''}
        disabled={disabled}
        autoSize={{ minRows: 8, maxRows: 22 }}
        value={text}
        onChange={(event) => write(event.target.value)}
      />
      <div className="lx-row field-json-foot lx-12">
        <span className={wrong ? 'lx-over lx-grow' : 'lx-t3 lx-grow'}>{wrong ?? t('field.json_ok')}</span>
        <Button size="small" disabled={wrong !== null || disabled} onClick={() => write(pretty(readJson(text).value))}>
          {t('field.json_format')}
        </Button>
      </div>
    </div>
  );
}
