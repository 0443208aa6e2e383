import type { ReactNode } from 'react';

interface Props {
  id: string;
  title: string;
  about?: string;
  acts?: ReactNode;
  children: ReactNode;
}

export function Part({ id, title, about, acts, children }: Props) {
  return (
    <section className="lx-card account-part" aria-labelledby={`account-${id}`} data-part={id}>
      <div className="lx-card-head">
        <h2 id={`account-${id}`}>{title}</h2>
        {about && <span className="lx-t3 lx-12 lx-cut">{about}</span>}
        {acts && <span className="lx-end">{acts}</span>}
      </div>
      {children}
    </section>
  );
}
