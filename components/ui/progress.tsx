import { Bar, type BarTone } from './meter.tsx';

/** Work that runs. `share` undefined: running, end unknown. */
export function Progress({
  label,
  share,
  text,
  tone = 'accent',
}: {
  label: string;
  share?: number;
  /** Counts, speed, time left; beside the bar and read out with it. */
  text?: string;
  tone?: BarTone;
}) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
      aria-valuetext={text}
      className="flex min-w-40 items-center gap-3"
    >
      <div className={share === undefined ? 'flex-1 animate-pulse' : 'flex-1'}>
        <Bar share={share ?? 1} tone={share === undefined ? 'quiet' : tone} />
      </div>
      {text && <span className="whitespace-nowrap text-ink-2 text-label">{text}</span>}
    </div>
  );
}
