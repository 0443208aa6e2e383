// An agent's state as a shape: full, ring, half, bars, dash, ringed dot. Its colour is never a threshold's.
import type { ReactNode } from 'react';
import type { AgentState } from '../api/shapes';

const shapes: Record<AgentState, ReactNode> = {
  on_contact: <circle cx="5" cy="5" r="4.5" fill="currentColor" />,
  ready: <circle cx="5" cy="5" r="3.8" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  wrap_up: (
    <>
      <circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" strokeWidth="1.2" />
      <path d="M5 1a4 4 0 0 1 0 8z" fill="currentColor" />
    </>
  ),
  not_ready: (
    <>
      <rect x="1.5" y="1" width="2.4" height="8" rx="1" fill="currentColor" />
      <rect x="6.1" y="1" width="2.4" height="8" rx="1" fill="currentColor" />
    </>
  ),
  offline: <rect x="1" y="4.2" width="8" height="1.6" rx="0.8" fill="currentColor" />,
  ringing: (
    <>
      <circle cx="5" cy="5" r="2.2" fill="currentColor" />
      <circle cx="5" cy="5" r="4.3" fill="none" stroke="currentColor" strokeWidth="1.1" />
    </>
  ),
};

const warm: AgentState[] = ['on_contact', 'ready', 'ringing'];

export function StateShape({ state }: { state: AgentState }) {
  const colour = warm.includes(state) ? 'lx-accent' : state === 'offline' ? 'lx-t3' : 'lx-t2';
  return (
    <svg className={`lx-shape ${colour}`} viewBox="0 0 10 10" aria-hidden="true">
      {shapes[state] ?? shapes.offline}
    </svg>
  );
}
