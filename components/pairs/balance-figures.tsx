import type { Balance } from '#lib/core/pair/balance.ts';
import type { Share } from '#lib/core/stats/wilson.ts';
import { IntervalPlot, type IntervalRow } from '../charts/interval-plot.tsx';
import { Badge } from '../ui/badge.tsx';
import { count, percent } from '../ui/figures.ts';
import { Stat, StatRow } from '../ui/stat.tsx';
import { sourceName } from './source-names.ts';

const FINDINGS: Record<Balance['findings'][number], string> = {
  faults: 'some pairs have faults',
  win_by_length: 'the longer answer wins too often or too seldom',
  surface: 'looks alone tell which was chosen',
  position: 'the side decides',
};
const FAULTS: Record<keyof Balance['faults'], string> = {
  identical: 'identical',
  empty: 'empty',
  near_identical: 'nearly identical',
  truncated: 'cut off',
  format_artefact: 'with leftovers of a template',
  conflicting: 'conflicting',
  chosen_and_rejected: 'chosen here, rejected there',
};

const inWords = (share: Share): string =>
  share.n === 0 ? 'n 0' : `${percent(share.low)} to ${percent(share.high)}, n ${count(share.n)}`;

/** Length, side and looks of pairs that may become rows: each figure with its n and interval. */
export function BalanceFigures({
  all,
  bySource,
}: {
  all: Balance;
  bySource: readonly { source: string; balance: Balance }[];
}) {
  const rows: IntervalRow[] = [{ source: 'all', balance: all }, ...bySource]
    .filter(({ balance }) => balance.chosenLonger.n > 0)
    .map(({ source, balance: { chosenLonger, findings } }) => ({
      id: source,
      label: source === 'all' ? 'All' : sourceName(source),
      estimate: chosenLonger.value,
      low: chosenLonger.low,
      high: chosenLonger.high,
      basis: `n ${count(chosenLonger.n)}`,
      tone: findings.includes('win_by_length') ? 'warn' : 'pass',
    }));
  const faults = Object.entries(all.faults).filter(([, ids]) => ids.length > 0);
  return (
    <>
      <StatRow>
        <Stat
          label="Chosen is longer"
          value={all.chosenLonger.n > 0 ? percent(all.chosenLonger.value) : 'not known'}
          hint={inWords(all.chosenLonger)}
        />
        <Stat
          label="Length, chosen over rejected"
          value={all.lengthRatio ? all.lengthRatio.p50.toFixed(2) : 'not known'}
          hint={
            all.lengthRatio
              ? `5 % to 95 %: ${all.lengthRatio.p5.toFixed(2)} to ${all.lengthRatio.p95.toFixed(2)}`
              : undefined
          }
        />
        <Stat
          label="Chosen stood left"
          value={all.chosenLeft.n > 0 ? percent(all.chosenLeft.value) : 'not known'}
          hint={inWords(all.chosenLeft)}
        />
        <Stat
          label="Told by looks alone"
          value={all.surfaceAuc === null ? 'not known' : all.surfaceAuc.toFixed(2)}
          hint={all.surfaceAuc === null ? 'needs 20 pairs' : 'AUC; 0.50 is chance, 0.60 the most'}
        />
      </StatRow>
      <p className="flex flex-wrap items-center gap-2">
        {all.findings.length === 0 ? (
          <Badge tone="pass">balanced</Badge>
        ) : (
          all.findings.map((finding) => (
            <Badge key={finding} tone="warn">
              {FINDINGS[finding]}
            </Badge>
          ))
        )}
        {faults.map(([fault, ids]) => (
          <span key={fault} className="text-ink-2">
            {count(ids.length)} {FAULTS[fault as keyof Balance['faults']]}
          </span>
        ))}
      </p>
      {rows.length > 0 && (
        <IntervalPlot
          label="Share of pairs whose chosen answer is longer"
          rows={rows}
          most={1}
          limit={{ value: 0.55, label: 'at most 55 %' }}
          format="share"
        />
      )}
    </>
  );
}
