/** Bars as SVG attributes: the Content-Security-Policy refuses style attributes in a page's HTML. */
const FILL = {
  accent: 'fill-accent',
  pass: 'fill-pass',
  fail: 'fill-fail',
  warn: 'fill-warn',
  quiet: 'fill-ink-3',
} as const;
export type BarTone = keyof typeof FILL;

const percent = (share: number): string => `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`;

/** @param share 0 to 1; @param mark a second share drawn as a line (a target, a limit) */
export function Bar({ share, mark, tone = 'accent' }: { share: number; mark?: number; tone?: BarTone }) {
  return (
    <svg aria-hidden="true" className="h-1.5 w-full overflow-visible" preserveAspectRatio="none">
      <rect width="100%" height="100%" rx="2" className="fill-line" />
      <rect width={percent(share)} height="100%" rx="2" className={FILL[tone]} />
      {mark !== undefined && <rect x={percent(mark)} y="-3" width="2" height="12" className="fill-ink" />}
    </svg>
  );
}

/** How much of something, with its number beside it. */
export function Meter({
  label,
  share,
  text,
  mark,
  tone,
}: {
  label: string;
  share: number;
  /** What is written, e.g. '37 of 120'. */
  text: string;
  mark?: number;
  tone?: BarTone;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: <meter> cannot hold its label and text
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(Math.min(1, Math.max(0, share)) * 100)}
      aria-valuetext={text}
      className="flex flex-col gap-1"
    >
      <div className="flex justify-between gap-3">
        <span className="text-ink-2">{label}</span>
        <span className="font-medium">{text}</span>
      </div>
      <Bar share={share} mark={mark} tone={tone} />
    </div>
  );
}
