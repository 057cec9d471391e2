import { share } from './scale.ts';

const WIDTH = 96;
const HEIGHT = 20;

/** A small line of what happened over time; the last value is a dot. The words beside it say the numbers. */
export function Sparkline({ label, values }: { label: string; values: readonly number[] }) {
  if (values.length === 0) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = values.map((value, at) => {
    const x = values.length === 1 ? WIDTH - 3 : 3 + (at / (values.length - 1)) * (WIDTH - 6);
    return [x, HEIGHT - 3 - share(value, low, high) * (HEIGHT - 6)] as const;
  });
  const [x, y] = points.at(-1) as readonly [number, number];
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      className="shrink-0"
    >
      <title>{label}</title>
      <polyline
        points={points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ')}
        className="fill-none stroke-ink-3"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <circle cx={x} cy={y} r="2.5" className="fill-accent" />
    </svg>
  );
}
