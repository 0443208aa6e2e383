// A figure against its target: within, near, beyond, no data. Always shape and colour together.
import type { ReactNode } from 'react';

export type Level = 'ok' | 'near' | 'over' | 'none';

const shapes: Record<Level, ReactNode> = {
  ok: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  near: <path d="M5 .8 9.7 9.2H.3z" fill="currentColor" />,
  over: <path d="M5 0l5 5-5 5-5-5z" fill="currentColor" />,
  none: <rect x="1" y="4.2" width="8" height="1.6" rx="0.8" fill="currentColor" />,
};

export function ThresholdShape({ level }: { level: Level }) {
  return (
    <svg className={`lx-shape lx-${level}`} viewBox="0 0 10 10" aria-hidden="true">
      {shapes[level]}
    </svg>
  );
}

// The figure stays in ink while nothing is wrong: trouble alone is warm.
export function Threshold({ level, children }: { level: Level; children: ReactNode }) {
  const loud = level === 'near' || level === 'over';
  return (
    <span className={`lx-nowrap ${loud ? `lx-${level}` : ''}`}>
      {loud && <ThresholdShape level={level} />} {children}
    </span>
  );
}

// near from 60 % of the target on, over beyond it.
export function levelOf(value: number | null, target: number | null): Level {
  if (value === null || target === null || target <= 0) return 'none';
  if (value > target) return 'over';
  return value >= target * 0.6 ? 'near' : 'ok';
}
