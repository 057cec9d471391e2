/**
 * What the pairs of a release would teach beside what they should, a gate for each: faults, length, looks, place, and
 * the governance of synthetic ones. Each config, source and annotator is judged by itself too; every gate opens the
 * pairs behind its figure.
 */
import {
  type Balance,
  balanceBy,
  balanceOf,
  type LabelledPair,
  LENGTH_RANGE,
  type Skew,
  SURFACE_MOST,
} from '#lib/core/pair/balance.ts';
import { MOST_SYNTHETIC } from '#lib/core/pair/generators.ts';
import type { Share } from '#lib/core/stats/wilson.ts';
import type { Gate, GateRow } from '#lib/store/releases.ts';
import { gate, percent, type ReadRow, type Ref } from './gate.ts';
import type { MadeRow } from './on-release.ts';

/** Parts with fewer pairs than this are not judged by themselves: any four pairs are lopsided. */
const FEWEST_IN_PART = 30;
const BEHIND = 60;

type Part = { name: string; balance: Balance };

function partsOf(pairs: readonly LabelledPair[]): Part[] {
  const people = [...new Set(pairs.flatMap(({ annotator }) => annotator ?? []))].sort();
  const named = (field: 'config' | 'source' | 'annotator', value: string) =>
    field === 'annotator' ? `annotator ${people.indexOf(value) + 1}` : `${field} ${value}`;
  return (['config', 'source', 'annotator'] as const).flatMap((field) => {
    const having = pairs.filter((pair) => pair[field] !== undefined);
    const parts = [...balanceBy(having, field)];
    // One part alone is the whole, or what the whole already says.
    if (parts.length < 2) return [];
    return parts.map(([value, balance]) => ({ name: named(field, value), balance }));
  });
}

/** A part is off when its interval says so; a small one may be by chance. */
const isPartOff: Record<Skew, (balance: Balance) => boolean> = {
  win_by_length: ({ chosenLonger }) =>
    chosenLonger.n >= FEWEST_IN_PART && (chosenLonger.low > LENGTH_RANGE.to || chosenLonger.high < LENGTH_RANGE.from),
  surface: ({ n, surfaceAuc }) => n >= FEWEST_IN_PART && surfaceAuc !== null && surfaceAuc > SURFACE_MOST + 0.1,
  position: ({ findings, chosenLeft }) => chosenLeft.n >= FEWEST_IN_PART && findings.includes('position'),
};

const share = (value: Share): string =>
  value.n === 0 ? '–' : `${percent(value.value)} (${percent(value.low)} to ${percent(value.high)}, n = ${value.n})`;
const auc = ({ surfaceAuc }: Balance): string => (surfaceAuc === null ? '– (under 20 pairs)' : surfaceAuc.toFixed(2));

const SKEWS: { gate: string; skew: Skew; rule: string; limit: string; value(balance: Balance): string }[] = [
  {
    gate: 'pair_length',
    skew: 'win_by_length',
    rule: 'The longer answer is not the chosen one much more, or less, than half of the time',
    limit: `${percent(LENGTH_RANGE.from)} to ${percent(LENGTH_RANGE.to)}`,
    value: ({ chosenLonger }) => `longer chosen ${share(chosenLonger)}`,
  },
  {
    gate: 'pair_looks',
    skew: 'surface',
    rule: 'A classifier that sees looks alone does not tell which answer was chosen',
    limit: `AUC ≤ ${SURFACE_MOST.toFixed(2)}`,
    value: (balance) => `AUC ${auc(balance)}`,
  },
  {
    gate: 'pair_place',
    skew: 'position',
    rule: 'The side on which an answer stood does not tell whether it was chosen',
    limit: 'its interval holds 50 %',
    value: ({ chosenLeft }) => `left chosen ${share(chosenLeft)}`,
  },
];

export function pairGates(pairs: readonly LabelledPair[], ref: Ref): Gate[] {
  const all = balanceOf(pairs);
  const parts = partsOf(pairs);
  const faults = Object.entries(all.faults).flatMap(([fault, ids]) => ids.map((id) => ref(id, fault, '')));
  const { editDistance, lengthRatio } = all;
  return [
    gate({
      gate: 'pairs',
      state: faults.length === 0 ? 'pass' : 'fail',
      rule: 'No pair is empty, equal, nearly equal, cut off, full of leftovers or contradicted by another',
      value: pairs.length === 0 ? 'no pairs' : `${faults.length} faults in ${pairs.length} pairs`,
      limit: '0',
      evidence: {
        pairs: pairs.length,
        editDistance:
          editDistance && `${editDistance.p5.toFixed(2)} ${editDistance.p50.toFixed(2)} ${editDistance.p95.toFixed(2)}`,
        lengthRatio:
          lengthRatio && `${lengthRatio.p5.toFixed(2)} ${lengthRatio.p50.toFixed(2)} ${lengthRatio.p95.toFixed(2)}`,
      },
      rows: faults,
    }),
    ...SKEWS.map(({ gate: name, skew, rule, limit, value }) => {
      const off = parts.filter(({ balance }) => isPartOff[skew](balance));
      const isOff = all.findings.includes(skew);
      const behind = (balance: Balance, of: string): GateRow[] =>
        balance.behind[skew].slice(0, BEHIND).map((id) => ref(id, skew, of));
      return gate({
        gate: name,
        state: isOff || off.length > 0 ? 'fail' : 'pass',
        rule,
        value:
          pairs.length === 0
            ? 'no pairs'
            : [value(all), ...off.map((part) => `${part.name}: ${value(part.balance)}`)].join('; '),
        limit,
        isWaivable: true,
        evidence: { pairs: pairs.length, partsOff: off.length },
        rows: [...(isOff ? behind(all, 'all pairs') : []), ...off.flatMap((part) => behind(part.balance, part.name))],
      });
    }),
  ];
}

type Governed = {
  rows: readonly ReadRow[];
  made: ReadonlyMap<string, MadeRow>;
  /** Approved generators by `<name>@<version>`, with the share of pairs that may be theirs. */
  generators: ReadonlyMap<string, number>;
};

/** Nothing synthetic leaves unmarked, unapproved or above its cap, and every row says where it came from. */
export function syntheticGate({ rows, made, generators }: Governed, ref: Ref): Gate {
  const pairs = rows.filter(({ row }) => 'chosen' in row);
  const synthetic = pairs.filter(
    ({ id, meta }) =>
      meta.generator !== undefined || meta.source === 'synthetic' || made.get(id)?.generator !== undefined,
  );
  const shareOf = (count: number) => (pairs.length === 0 ? 0 : count / pairs.length);
  const faults = rows.flatMap(({ id, meta }) =>
    meta.source === undefined ? [ref(id, 'no_source', 'the row does not say where it came from')] : [],
  );
  for (const { id, meta } of synthetic) {
    const by = made.get(id)?.generator;
    const isMarked = meta.source === 'synthetic' && meta.strength === 'synthetic' && meta.generator === by;
    if (!isMarked) faults.push(ref(id, 'unmarked', `made by ${by ?? 'an unknown generator'}`));
    else if (!generators.has(by ?? '')) faults.push(ref(id, 'not_approved', by ?? ''));
  }
  for (const [name, of] of Map.groupBy(synthetic, ({ meta }) => meta.generator ?? '')) {
    const cap = generators.get(name) ?? 0;
    if (shareOf(of.length) > cap + 1e-9)
      faults.push(
        ...of.map(({ id }) =>
          ref(id, 'over_cap', `${name}: ${percent(shareOf(of.length))} of the pairs, at most ${percent(cap)}`),
        ),
      );
  }
  if (shareOf(synthetic.length) > MOST_SYNTHETIC + 1e-9)
    faults.push(
      ...synthetic.map(({ id }) => ref(id, 'over_cap', `all generators: at most ${percent(MOST_SYNTHETIC)}`)),
    );
  return gate({
    gate: 'synthetic',
    state: faults.length === 0 ? 'pass' : 'fail',
    rule: 'Every row says where it came from; synthetic ones name an approved generator and keep to its cap',
    value: `${synthetic.length} synthetic of ${pairs.length} pairs, ${faults.length} faults`,
    limit: `0 faults, at most ${percent(MOST_SYNTHETIC)} of the pairs`,
    evidence: { synthetic: synthetic.length, pairs: pairs.length },
    rows: faults,
  });
}
