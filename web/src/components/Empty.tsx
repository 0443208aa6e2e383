import type { ReactNode } from 'react';
import { Icon } from './Icon';
import type { IconName } from './iconPaths';

interface Props {
  icon: IconName;
  title: string;
  text?: string;
  action?: ReactNode;
}

// One sentence what is so, one what to do, one button.
export function Empty({ icon, title, text, action }: Props) {
  return (
    <div className="lx-state-box">
      <span className="lx-state-sign">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {action}
    </div>
  );
}
