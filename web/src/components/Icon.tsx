import { iconPaths, type IconName } from './iconPaths';

export function Icon({ name, size }: { name: IconName; size?: number }) {
  return (
    <svg
      className={`lx-icon lx-icon-${name}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
      style={size ? { width: size, height: size } : undefined}
    >
      <path d={iconPaths[name]} />
    </svg>
  );
}
