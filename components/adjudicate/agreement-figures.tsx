import type { Alpha, Kappa, SpanScore } from '#lib/core/review/agreement.ts';
import type { Share } from '#lib/core/stats/wilson.ts';
import { count, percent } from '../ui/figures.ts';

export type AgreementView = {
  units: number;
  verdicts: {
    kappa: Kappa;
    alpha: Alpha;
    counts: { clean: number; leaky: number; onlyFirst: number; onlySecond: number };
  };
  spans: { exact: SpanScore; overlap: SpanScore; first: number; second: number };
  disputes: { sent: number; ruled: number; takes: Record<string, number>; causes: Record<string, number> };
  refuted: number;
};
const two = (value: number): string => (Number.isNaN(value) ? 'not defined' : value.toFixed(2));
const shareOf = (share: Share): string =>
  share.n === 0 || Number.isNaN(share.value)
    ? 'none'
    : `${percent(share.value)} (${percent(share.low)} to ${percent(share.high)})`;
const listOf = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .sort((a, b) => b[1] - a[1])
    .map(([name, times]) => `${name} ${times}`)
    .join(', ');

/** How two blind readers of the same units agree; every figure with its n, its interval and the sum behind it. */
export function AgreementFigures({ of }: { of: AgreementView }) {
  const { counts, kappa, alpha } = of.verdicts;
  const alike = counts.clean + counts.leaky;
  const rows: { name: string; value: string; interval: string; sum: string }[] = [
    {
      name: 'Clean or leaky, kappa',
      value: two(kappa.kappa),
      interval: `${two(kappa.low)} to ${two(kappa.high)}`,
      sum: `both clean ${counts.clean}, both leaky ${counts.leaky}, only one says leaky ${counts.onlyFirst + counts.onlySecond}: alike ${alike} of ${of.units} (${two(kappa.observed)}), by chance ${two(kappa.expected)}; (${two(kappa.observed)} − ${two(kappa.expected)}) / (1 − ${two(kappa.expected)})`,
    },
    {
      name: 'Clean or leaky, alpha',
      value: two(alpha.alpha),
      interval: `${two(alpha.low)} to ${two(alpha.high)}`,
      sum: `unlike seen ${two(alpha.observed)}, by chance ${two(alpha.expected)}; 1 − ${two(alpha.observed)} / ${two(alpha.expected)}`,
    },
    {
      name: 'Spans, same place and kind',
      value: shareOf(of.spans.exact.f1),
      interval: `n ${count(of.spans.exact.f1.n)}`,
      sum: `one reader marked ${of.spans.first}, the other ${of.spans.second}`,
    },
    {
      name: 'Spans, touching, same kind',
      value: shareOf(of.spans.overlap.f1),
      interval: `n ${count(of.spans.overlap.f1.n)}`,
      sum: 'one common character is enough',
    },
  ];
  return (
    <div className="flex flex-col gap-2">
      <h3 className="font-semibold">Two blind readings of {count(of.units)} units</h3>
      {of.units > 0 && (
        <div className="overflow-x-auto">
          <table className="w-full max-w-4xl" aria-label="Agreement of readers">
            <thead>
              <tr className="border-line border-b text-left text-ink-2 text-label">
                <th scope="col" className="py-1 pe-4 font-medium">
                  Measure
                </th>
                <th scope="col" className="pe-4 font-medium">
                  Value
                </th>
                <th scope="col" className="pe-4 font-medium">
                  95 %
                </th>
                <th scope="col" className="font-medium">
                  How it is counted
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ name, value, interval, sum }) => (
                <tr key={name} className="border-line border-b align-top">
                  <th scope="row" className="py-1.5 pe-4 text-start font-normal">
                    {name}
                  </th>
                  <td className="py-1.5 pe-4 font-medium tabular-nums">{value}</td>
                  <td className="py-1.5 pe-4 text-ink-2 tabular-nums">{interval}</td>
                  <td className="py-1.5 text-ink-2">{sum}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {of.disputes.sent > 0 && (
        <p className="text-ink-2">
          Differences ruled by a third person: {of.disputes.ruled} of {of.disputes.sent}
          {of.disputes.ruled > 0 && ` (${listOf(of.disputes.takes)})`}
          {Object.keys(of.disputes.causes).length > 0 && `; causes: ${listOf(of.disputes.causes)}`}.
          {of.refuted > 0 && ` ${of.refuted} refuted marks were released again and still stay in the count.`}
        </p>
      )}
    </div>
  );
}
