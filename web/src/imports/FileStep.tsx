import { Button } from 'antd';
import { useRef, useState, type DragEvent } from 'react';
import { asProblem, type Problem } from '../api/problem';
import { ErrorNote } from '../components/ErrorNote';
import { Icon } from '../components/Icon';
import { useT } from '../i18n';
import { upload } from './useImport';

// The file: chosen or dropped; what it holds is seen in the next step.
export function FileStep({ resource, onMade }: { resource: string; onMade: (id: string) => void }) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    setProblem(null);
    try {
      onMade((await upload(resource, file)).id);
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    void send(event.dataTransfer.files[0]);
  };
  return (
    <>
      {problem && <ErrorNote problem={problem} />}
      <div className="import-drop" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
        <span className="lx-state-sign">
          <Icon name="upload" />
        </span>
        <p>{t('import.drop')}</p>
        <p className="lx-t2">{t('import.drop_what')}</p>
        <Button type="primary" loading={busy} onClick={() => input.current?.click()}>
          {t('import.choose')}
        </Button>
        <input ref={input} id="import-file" type="file" aria-label={t('import.choose')} hidden accept=".csv,.txt,.tsv,.xlsx" onChange={(event) => void send(event.target.files?.[0])} />
      </div>
    </>
  );
}
