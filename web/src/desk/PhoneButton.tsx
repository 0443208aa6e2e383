import { Tooltip } from 'antd';
import type { ReactNode, Ref } from 'react';
import { Icon } from '../components/Icon';
import type { IconName } from '../components/iconPaths';

interface Props {
  icon: IconName;
  word: string;
  letter: string;
  act: string;
  why?: string;
  on?: boolean;
  danger?: boolean;
  pending?: boolean;
  onClick?: (() => void) | undefined;
  ref?: Ref<HTMLButtonElement>;
}

// Icon over word and key. Without an onClick it is drawn disabled, with the reason on hover.
export function PhoneButton({ icon, word, letter, act, why, on, danger, pending, onClick, ref }: Props): ReactNode {
  const button = (
    <button
      ref={ref}
      type="button"
      className={`pb ${danger ? 'pb-danger' : ''} ${on ? 'pb-on' : ''} ${pending ? 'pb-pending' : ''}`}
      data-act={act}
      aria-pressed={on}
      aria-disabled={!onClick}
      aria-keyshortcuts={letter}
      onClick={onClick}
    >
      <Icon name={icon} size={18} />
      <span>
        {word}
        <em>{letter}</em>
      </span>
    </button>
  );
  return onClick || !why ? button : <Tooltip title={why}>{button}</Tooltip>;
}
