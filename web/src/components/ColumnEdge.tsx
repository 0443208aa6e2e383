// The right edge of a column's head: dragged, or moved by the arrow keys; a double click gives the usual width back.
import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useT } from '../i18n';

export const least = 48;
export const most = 800;
const step = 16;

const within = (width: number) => Math.round(Math.min(most, Math.max(least, width)));

interface Props {
  title: ReactNode;
  width: number;
  onDrag: (width: number | null) => void; // null: over
  onEnd: (width: number | null) => void;
}

export function ColumnEdge({ title, width, onDrag, onEnd }: Props) {
  const t = useT();
  const from = useRef({ x: 0, width: 0 });
  const [on, setOn] = useState(false);
  const at = (event: PointerEvent) => within(from.current.width + event.clientX - from.current.x);
  const onKey = (event: KeyboardEvent) => {
    const made = { ArrowLeft: within(width - step), ArrowRight: within(width + step), Home: null }[event.key];
    if (made === undefined) return;
    event.preventDefault();
    onEnd(made);
  };
  return (
    <span
      className={`dt-edge ${on ? 'dt-edge-on' : ''}`}
      role="separator"
      aria-orientation="vertical"
      aria-label={t('list.column_width', { name: typeof title === 'string' ? title : '' })}
      aria-valuenow={Math.round(width)}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onKeyDown={onKey}
      onDoubleClick={() => onEnd(null)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, width };
        setOn(true);
      }}
      onPointerMove={(event) => on && onDrag(at(event))}
      onPointerUp={(event) => {
        if (!on) return;
        setOn(false);
        onDrag(null);
        if (at(event) !== Math.round(from.current.width)) onEnd(at(event));
      }}
      onPointerCancel={() => {
        setOn(false);
        onDrag(null);
      }}
    />
  );
}
