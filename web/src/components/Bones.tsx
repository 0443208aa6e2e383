import { useEffect, useState } from 'react';
import { useT } from '../i18n';

const widths = [24, 18, 20, 12];

// Rows to come, in the height of true rows; nothing at all in the first 300 ms.
export function Bones({ rows = 8 }: { rows?: number }) {
  const t = useT();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div className="lx-bones" role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row}>
          {widths.map((width, i) => (
            <i key={width} style={{ width: `${width - ((row * 3 + i * 2) % 5)}%` }} />
          ))}
        </span>
      ))}
    </div>
  );
}
