import { memo, useMemo } from 'react';
import type { Peaks } from '../../api/shapes';
import { useT } from '../../i18n';

interface Props {
  x: (ms: number) => number;
  recording: { from: number; duration_ms: number };
  holds: [number, number][];
  peaks: Peaks | undefined;
  height: number;
}

// One stroke per peak, mirrored about the channel's middle line.
function strokes(values: number[], from: number, width: number, middle: number, reach: number): string {
  const step = width / Math.max(1, values.length);
  return values
    .map((value, i) => {
      const half = Math.max(0.5, (value / 100) * reach);
      const at = (from + i * step).toFixed(1);
      return `M${at} ${(middle - half).toFixed(1)}V${(middle + half).toFixed(1)}`;
    })
    .join('');
}

function Channel({ path, name, middle, tone }: { path: string; name: string; middle: number; tone: string }) {
  return (
    <g className={tone}>
      <rect x={14} y={middle - 5} width={9} height={9} rx={2} />
      <text className="lane-name" x={29} y={middle + 4}>
        {name}
      </text>
      <path d={path} />
    </g>
  );
}

export const Wave = memo(function Wave({ x, recording, holds, peaks, height }: Props) {
  const t = useT();
  const from = x(recording.from);
  const width = Math.max(1, x(recording.from + recording.duration_ms) - from);
  const quarter = height / 4;
  const [caller, agent] = useMemo(
    () => [0, 1].map((channel) => strokes(peaks?.channels[channel] ?? [], from, width, quarter * (channel * 2 + 1), quarter - 6)),
    [peaks, from, width, quarter],
  );
  return (
    <g>
      <rect className="wave-ground" x={from} y={0} width={width} height={height} rx={6} />
      {holds.map(([a, b]) => (
        <rect key={a} className="wave-hold" x={x(a)} y={0} width={x(b) - x(a)} height={height} />
      ))}
      <Channel tone="wave-caller" name={t('contact.left')} middle={quarter} path={caller ?? ''} />
      <Channel tone="wave-agent" name={t('contact.right')} middle={quarter * 3} path={agent ?? ''} />
    </g>
  );
});
