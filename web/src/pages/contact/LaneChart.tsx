// Lanes and wave over one time axis, in own SVG. A click anywhere plays from there.
import { useRef, type MouseEvent } from 'react';
import type { Peaks } from '../../api/shapes';
import { useWidth } from '../../components/useWidth';
import { t, useT, type Key } from '../../i18n';
import { axisTime, clock } from '../../i18n/format';
import { marksOf, type Lanes, type Segment } from './lanes';
import { Wave } from './Wave';

const gutter = 92;
const edge = 14;
const top = 26;
const laneHeight = 32;
const barHeight = 24;
const waveTop = top + laneHeight * 4 + 10;
const waveHeight = 144;

const lanes: { name: Key; of: keyof Pick<Lanes, 'caller' | 'flow' | 'queue' | 'agents'> }[] = [
  { name: 'contact.lane_caller', of: 'caller' },
  { name: 'contact.lane_flow', of: 'flow' },
  { name: 'contact.lane_queue', of: 'queue' },
  { name: 'contact.lane_agents', of: 'agents' },
];

function textOf(segment: Segment, lane: string): string {
  const span = clock(segment.to - segment.from);
  switch (segment.kind) {
    case 'menu':
      return t('contact.in_menu');
    case 'queue':
      return lane === 'queue' ? span : t('contact.waiting');
    case 'ring':
      return `${segment.text} ${t('contact.ringing', { span })}`;
    case 'talk':
      return segment.text ? `${segment.text}  ${t('contact.talking')} ${span}` : t('contact.talking');
    case 'music':
      return t('contact.music');
    case 'held':
      return t('contact.held', { span });
    case 'wrap_up':
      return t('contact.wrap_up', { span });
    default:
      return segment.text;
  }
}

// As much of the text as the bar holds: a Han sign is about 12 px wide, others 7.
function fitting(text: string, width: number): string {
  let used = 12;
  for (let i = 0; i < text.length; i += 1) {
    used += text.charCodeAt(i) > 0x2e80 ? 12 : 7;
    if (used > width) return i < 2 ? '' : `${text.slice(0, i - 1)}…`;
  }
  return text;
}

interface Props {
  lanes: Lanes;
  peaks: Peaks | undefined;
  at_ms: number | null;
  onPick: (offset_ms: number) => void;
}

export function LaneChart({ lanes: all, peaks, at_ms, onPick }: Props) {
  const tr = useT();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 1200);
  const room = Math.max(200, width - gutter - edge);
  const x = (ms: number) => gutter + (ms / all.total_ms) * room;
  const rec = all.recording;
  const height = rec ? waveTop + waveHeight + 10 : top + laneHeight * 4 + 6;
  const pick = (event: MouseEvent) => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    const ms = ((event.clientX - left - gutter) / room) * all.total_ms;
    if (ms >= 0 && ms <= all.total_ms) onPick(ms);
  };
  return (
    <div ref={box} className={`lane-box ${rec ? 'lane-click' : ''}`} onClick={rec ? pick : undefined} role="presentation">
      <svg width={width} height={height} className="lane-chart" role="img" aria-label={tr('contact.lanes')}>
        {marksOf(all.total_ms).map((ms) => (
          <g key={ms}>
            <line className="lane-grid" x1={x(ms)} x2={x(ms)} y1={top - 4} y2={height - 4} />
            <text className="lane-axis" x={x(ms) + 3} y={15}>
              {axisTime(ms)}
            </text>
          </g>
        ))}
        {lanes.map(({ name, of }, row) => (
          <g key={of} transform={`translate(0 ${top + row * laneHeight})`}>
            <text className="lane-name" x={14} y={20}>
              {tr(name)}
            </text>
            <line className="lane-line" x1={14} x2={width - edge} y1={laneHeight} y2={laneHeight} />
            {all[of].map((segment) => {
              const w = Math.max(2, x(segment.to) - x(segment.from) - 2);
              const text = textOf(segment, of);
              return (
                <g key={`${segment.kind}${segment.from}`} className={`lane-seg lane-${segment.tone}`} transform={`translate(${x(segment.from)} 4)`}>
                  <title>{`${text} · ${axisTime(segment.from)}–${axisTime(segment.to)}`}</title>
                  <rect width={w} height={barHeight} rx={3} />
                  <text x={6} y={16}>
                    {fitting(text, w)}
                  </text>
                </g>
              );
            })}
          </g>
        ))}
        {rec && (
          <g transform={`translate(0 ${waveTop})`}>
            <Wave x={x} recording={rec} holds={all.holds} peaks={peaks} height={waveHeight} />
          </g>
        )}
        {rec && at_ms !== null && (
          <g transform={`translate(${x(at_ms)} 0)`} className="lane-head">
            <rect x={-20} y={1} width={40} height={18} rx={4} />
            <text y={14} textAnchor="middle">
              {axisTime(at_ms)}
            </text>
            <line y1={19} y2={height - 6} />
          </g>
        )}
      </svg>
    </div>
  );
}
