import { Icon } from '../../components/Icon';
import { Logo } from '../../components/Logo';
import { useT } from '../../i18n';

const centre = { x: 560, y: 535 };
const strands = 12;

// A bundle of lines through one point: many calls, one place. Drawn from the number of the strand alone.
function strand(i: number, side: -1 | 1): string {
  const spread = i * 81;
  const { x, y } = centre;
  if (side < 0) return `M${129 - spread} ${707 + i * 32.4}C${254 - i * 57} ${466 - i * 13} ${421 - i * 26} ${363 - i * 32} ${x} ${y}`;
  return `M${894 + i * 62.4} ${296 - i * 44.8}C${852 + i * 54.6} ${568 + i * 6.3} ${713 + i * 28.6} ${688 + i * 28.6} ${x} ${y}`;
}

export function Art() {
  const t = useT();
  return (
    <section className="signin-art">
      <svg className="signin-lines" viewBox="0 0 880 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
        <defs>
          <radialGradient id="fade" gradientUnits="userSpaceOnUse" cx={centre.x} cy={centre.y} r="560">
            <stop offset="0" stopColor="#fff" />
            <stop offset="0.45" stopColor="#fff" stopOpacity="0.55" />
            <stop offset="1" stopColor="#fff" stopOpacity="0" />
          </radialGradient>
          <mask id="veil" maskUnits="userSpaceOnUse" x="-600" y="-300" width="2400" height="1800">
            <rect x="-600" y="-300" width="2400" height="1800" fill="url(#fade)" />
          </mask>
        </defs>
        <g mask="url(#veil)" fill="none" stroke="#7d96fb" strokeWidth="1.3">
          {Array.from({ length: strands }, (_, i) => (
            <path key={`l${i}`} d={strand(i, -1)} opacity="0.9" />
          ))}
          {Array.from({ length: strands }, (_, i) => (
            <path key={i} d={strand(i, 1)} opacity="0.7" />
          ))}
        </g>
        <circle cx={centre.x} cy={centre.y} r="34" fill="#7d96fb" opacity="0.14" />
        <circle cx={centre.x} cy={centre.y} r="9" fill="#f5e4b8" />
      </svg>
      <div className="lx-row signin-brand">
        <Logo size={34} />
        <span className="signin-name">{t('app.name')}</span>
        <span className="signin-kind">{t('app.kind')}</span>
      </div>
      <div className="signin-words">
        <p className="signin-headline">{t('signin.headline')}</p>
        <p className="signin-subline">{t('signin.subline')}</p>
      </div>
      <p className="signin-foot">
        <Icon name="shield" size={14} />
        {t('signin.after')}
      </p>
    </section>
  );
}
