import type { ReactNode } from 'react';
import { ThresholdShape } from '../../components/Threshold';

interface Props {
  level: 'near' | 'over';
  title: string;
  text: string;
  children?: ReactNode;
}

export function SignInNotice({ level, title, text, children }: Props) {
  return (
    <div className={`lx-notice lx-notice-${level} signin-refusal`} role="alert">
      <ThresholdShape level={level} />
      <div>
        <div>{title}</div>
        <p>{text}</p>
        {children}
      </div>
    </div>
  );
}
