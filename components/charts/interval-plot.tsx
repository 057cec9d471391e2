import { StateGlyph, type Tone } from '../ui/badge.tsx';
import { percentOf, share, ticks } from './scale.ts';

export type IntervalRow = {
  id: string;
  label: string;
  /** Point estimate; undefined when there is none to give. */
  estimate?: number;
  low: number;
  high: number;
  /** What it rests on, e.g. 'n 812, k 0'. */
  basis: string;
  tone?: Tone;
  href?: string;
};

/**
 * Estimates with their bounds on one scale, a limit drawn across. A one-sided bound starts at 0. Each row says its
 * numbers in words, so the drawing is only for the eye.
 */
export function IntervalPlot({
  label,
  rows,
  limit,
  most,
  format,
}: {
  label: string;
  rows: readonly IntervalRow[];
  limit?: { value: number; label: string };
  /** End of the scale; otherwise the largest number shown. */
  most?: number;
  /** Name of the unit on the scale: shares are written as percent. */
  format: 'share' | 'number';
}) {
  const all = ticks(most ?? Math.max(limit?.value ?? 0, ...rows.map((row) => row.high)));
  const top = all.at(-1) || 1;
  const at = (value: number): string => percentOf(share(value, 0, top));
  const write = (value: number): string =>
    format === 'share'
      ? `${Number((value * 100).toPrecision(3))} %`
      : Number(value.toPrecision(4)).toLocaleString('en');
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="w-full min-w-96 border-separate border-spacing-0">
        <thead className="sr-only">
          <tr>
            <th scope="col">What</th>
            <th scope="col">Drawing</th>
            <th scope="col">Estimate and bounds</th>
            <th scope="col">Basis</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className="h-row">
              <th scope="row" className="w-44 border-line border-b pe-3 text-start font-normal">
                {row.href ? (
                  <a href={row.href} className="rounded-sm hover:text-accent hover:underline">
                    {row.label}
                  </a>
                ) : (
                  row.label
                )}
              </th>
              <td className="border-line border-b px-1">
                <svg aria-hidden="true" className="h-5 w-full overflow-visible">
                  <rect width="100%" y="9.5" height="1" className="fill-line" />
                  <rect
                    x={at(row.low)}
                    y="7"
                    width={percentOf(share(row.high, 0, top) - share(row.low, 0, top))}
                    height="6"
                    rx="2"
                    className="fill-accent/35"
                  />
                  <rect x={at(row.high)} y="4" width="2" height="12" className="fill-accent" />
                  {row.estimate !== undefined && <circle cx={at(row.estimate)} cy="10" r="3.5" className="fill-ink" />}
                  {limit && (
                    <line
                      x1={at(limit.value)}
                      x2={at(limit.value)}
                      y1="-4"
                      y2="24"
                      strokeDasharray="3 2"
                      className="stroke-fail"
                    />
                  )}
                </svg>
              </td>
              <td className="w-48 whitespace-nowrap border-line border-b ps-4 font-medium">
                <span className="inline-flex items-center gap-1.5">
                  {row.tone && (
                    <StateGlyph
                      tone={row.tone}
                      label={row.tone === 'pass' ? 'within the limit' : 'not within the limit'}
                    />
                  )}
                  {row.estimate === undefined ? '' : `${write(row.estimate)} `}
                  <span className="font-normal text-ink-2">
                    {row.low > 0 ? `${write(row.low)} to ${write(row.high)}` : `at most ${write(row.high)}`}
                  </span>
                </span>
              </td>
              <td className="whitespace-nowrap border-line border-b ps-3 text-ink-3 text-label">{row.basis}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            <td className="px-1">
              <svg aria-hidden="true" className="h-5 w-full overflow-visible text-label">
                {all.map((tick, index) => (
                  <text
                    key={tick}
                    x={at(tick)}
                    y="15"
                    textAnchor={index === 0 ? 'start' : index === all.length - 1 ? 'end' : 'middle'}
                    className="fill-ink-3"
                  >
                    {write(tick)}
                  </text>
                ))}
              </svg>
            </td>
            <td colSpan={2} className="ps-4 text-ink-2 text-label">
              {limit && `┆ ${limit.label} ${write(limit.value)}`}
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
