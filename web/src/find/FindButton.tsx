// The search in the bar, and its key on every page. What it opens comes when it is first wanted.
import { Button } from 'antd';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Icon } from '../components/Icon';
import { Kbd } from '../components/Kbd';
import { useT } from '../i18n';
import './find.css';

const Finder = lazy(() => import('./Finder').then((m) => ({ default: m.Finder })));

export function FindButton() {
  const t = useT();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setOpen((old) => !old);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  return (
    <>
      <Button className="find-button" icon={<Icon name="find" size={14} />} data-act="find" onClick={() => setOpen(true)}>
        {t('find.word')} <Kbd>Ctrl K</Kbd>
      </Button>
      {open && (
        <Suspense>
          <Finder onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
