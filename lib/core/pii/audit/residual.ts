/**
 * How much may still be left: the function behind `assay residual`, the lead's page and the release's statement.
 * It reads sealed verdicts and computes once; what must not be mixed is refused with a reason (`refuse.ts`).
 */
import type { Audit, LeakClass, Reading } from './audited.ts';
import { LEAK_CLASSES, toReading } from './audited.ts';
import { FINITE_FROM, finiteUpper, stratifiedUpper, upperBound } from './bound.ts';
import { alphaOfAttempt, correctFor, type Sensitivity, sensitivityOf, splitAlpha, unionSensitivity } from './canary.ts';
import { type Captured, type Missed, missedByBoth } from './chapman.ts';
import { refusals } from './refuse.ts';
import { type Look, stageUpper } from './sequential.ts';
import { type Band, bandsUpper, estimateLeaky, weightedUpper } from './weighted.ts';

export type Bound = {
  class: LeakClass;
  /** null: the whole release. */
  stratum: string | null;
  /** Units read and, of them, leaky ones. */
  n: number;
  k: number;
  /** Shares of the units, 0 to 1; the estimate is left out where nothing was read. */
  estimate?: number;
  upper: number;
  method: string;
};
export type Residual = {
  id?: string | number;
  bounds: Bound[];
  sensitivity?: Sensitivity;
  missedByBoth?: Missed;
  accepted?: boolean;
  assumptions: string[];
  refused?: string[];
};

/** One unit after all its readings: what either reader found counts. */
type ReadUnit = {
  stratum: string | null;
  pi: number | null;
  leaky: Record<LeakClass, boolean>;
  readings: Reading[];
};

/** What one class's bound is computed from. */
type Case = { audit: Audit; units: ReadUnit[]; kind: LeakClass; readers: Readers };
type Readers = { alpha: number; lower: number; point: number | null; how: string };

export function residual(audit: Audit): Residual {
  const replaced = new Set(audit.sample.flatMap((item) => item.supersedes ?? []));
  const items = audit.sample.filter((item) => item.id === undefined || !replaced.has(item.id));
  const read = items.map(toReading);
  const readings = read.filter((reading) => typeof reading !== 'string');
  const refused = [...new Set(read.filter((reading) => typeof reading === 'string'))];
  if (refused.length === 0) refused.push(...refusals(audit, items, readings));
  const id = audit.id === undefined ? {} : { id: audit.id };
  if (refused.length > 0) return { ...id, bounds: [], assumptions: [], refused };

  const units = mergeReadings(readings);
  const reached = reachedLook(audit, units);
  if (reached === 'between') {
    const reason = `${units.length} units were read, the plan looks elsewhere: nothing is computed between looks`;
    return { ...id, bounds: [], assumptions: [], refused: [reason] };
  }
  const readers = howReadersSee(audit, units);
  const bounds = LEAK_CLASSES.flatMap((kind) => {
    const of = { audit, units, kind, readers };
    return [wholeBound(of, reached), ...stratumBounds(of)];
  });
  const captured = capturedBy(units);
  return {
    ...id,
    bounds: bounds.sort((a, b) => Number(a.stratum !== null) - Number(b.stratum !== null)),
    ...(readers.point === null ? {} : { sensitivity: { point: readers.point, lower: readers.lower } }),
    ...(captured === null ? {} : { missedByBoth: onlyMissed(captured) }),
    ...(reached === null ? {} : { accepted: reached.accepted }),
    assumptions: assumptionsOf(audit, units, readers, reached),
  };
}

const onlyMissed = (captured: Captured): Missed => {
  const { estimate, low, high } = missedByBoth(captured);
  return { estimate, low, high };
};

function mergeReadings(readings: readonly Reading[]): ReadUnit[] {
  return [...Map.groupBy(readings, (reading) => reading.unit).values()].map((of) => ({
    stratum: of[0]!.stratum,
    pi: of[0]!.pi,
    leaky: {
      direct: of.some((reading) => reading.blind || reading.found.direct > 0),
      secret: of.some((reading) => reading.blind || reading.found.secret > 0),
    },
    readings: of,
  }));
}

const countLeaky = (units: readonly ReadUnit[], kind: LeakClass): number =>
  units.reduce((sum, unit) => sum + Number(unit.leaky[kind]), 0);

/** How well leaky units are seen, and how much of alpha that measurement costs. */
function howReadersSee(audit: Audit, units: readonly ReadUnit[]): Readers {
  const alpha = alphaOfAttempt(audit.attempt ?? 1);
  const parts = splitAlpha(alpha);
  if (audit.canaries && audit.canaries.planted > 0) {
    const { point, lower } = sensitivityOf(audit.canaries, parts.readers);
    return { alpha: parts.count, lower, point, how: 'canaries' };
  }
  if (audit.design !== 'double') return { alpha, lower: 1, point: null, how: '' };
  const found = { first: 0, second: 0, both: 0 };
  for (const { readings } of units.filter((unit) => unit.readings.length === 2)) {
    for (const kind of LEAK_CLASSES) {
      const [first, second] = [1, 2].map((pass) => readings.some((r) => r.pass === pass && r.found[kind] > 0));
      if (first) found.first++;
      if (second) found.second++;
      if (first && second) found.both++;
    }
  }
  const alike = units.every((unit) => unit.readings.length === 2);
  // Where only a part was read twice, the rest was seen by first readers alone, so theirs is the sensitivity.
  const seen = alike
    ? unionSensitivity(found, parts.readers)
    : sensitivityOf({ planted: found.second, found: found.both }, parts.readers);
  return { alpha: parts.count, ...seen, how: alike ? 'two readers' : 'first readers' };
}

type Reached = { stages: Look[]; at: number; accepted: boolean };

/** Which planned look the sample stands at; stopping because too many leaks were found is allowed anywhere. */
function reachedLook(audit: Audit, units: readonly ReadUnit[]): Reached | null | 'between' {
  if (!audit.looks) return null;
  const looks = audit.looks.map(([n, accept]) => ({ n, accept }));
  const most = Math.max(...LEAK_CLASSES.map((kind) => countLeaky(units, kind)));
  const at = looks.findIndex((look) => look.n === units.length);
  if (at >= 0) return { stages: looks.slice(0, at + 1), at, accepted: most <= looks[at]!.accept };
  const last = looks.at(-1)!;
  if (units.length > last.n || most <= last.accept) return 'between';
  const before = looks.filter((look) => look.n < units.length);
  return { stages: [...before, { n: units.length, accept: last.accept }], at: before.length, accepted: false };
}

function wholeBound(of: Case, reached: Reached | null): Bound {
  const { audit, units, kind, readers } = of;
  const n = units.length;
  const k = countLeaky(units, kind);
  const bound = (share: number, upper: number, method: string): Bound => ({
    class: kind,
    stratum: null,
    n,
    k,
    estimate: share,
    upper: Math.min(1, upper),
    method: readers.how === '' ? method : `${method}, corrected by ${readers.how}`,
  });
  if (audit.design === 'poisson') return weightedBound(of, bound);
  const strata = stratumCounts(of);
  // All units of all strata are also a plain draw of everything, whose bound knows that nothing was left unread.
  if (audit.design === 'stratified' && n < audit.units) {
    const share = strata.reduce((sum, s) => sum + (s.sampled > 0 ? (s.units * s.leaky) / s.sampled : 0), 0);
    const read = strata.reduce((sum, s) => sum + (s.sampled > 0 ? s.units : 0), 0);
    const estimate = estimated(of, share / read);
    if (reached && reached.stages.length > 1) return stagedStratified(of, reached, estimate, bound);
    const { upper, effective } = stratifiedUpper(strata, readers.alpha, (share) => correctFor(readers.lower, share));
    return bound(estimate, upper, `clopper-pearson, n_eff ${effective}`);
  }
  const estimate = estimated(of, k / n);
  if (reached && reached.stages.length > 1) {
    const upper = correctFor(readers.lower, stageUpper(reached.stages, reached.at, k, readers.alpha));
    return bound(estimate, upper, `stage-wise, look ${reached.at + 1}`);
  }
  if (n >= FINITE_FROM * audit.units) {
    const upper = finiteUpper(k, n, audit.units, readers.alpha, readers.lower);
    return bound(estimate, upper, 'hypergeometric');
  }
  return bound(estimate, correctFor(readers.lower, upperBound(k, n, readers.alpha)), 'clopper-pearson');
}

type MakeBound = (share: number, upper: number, method: string) => Bound;

/** Looks at a stratified draw: every look is taken as worth the same part of its units as the last. */
function stagedStratified(of: Case, { stages, at }: Reached, estimate: number, bound: MakeBound): Bound {
  const { units, kind, readers } = of;
  const k = countLeaky(units, kind);
  const worth = stratifiedUpper(stratumCounts(of)).effective / units.length;
  const scaled = stages.map(({ n, accept }) => ({ n: Math.floor(n * Math.min(1, worth)), accept }));
  const sound = scaled.every(({ n, accept }, i) => n > accept && n > (scaled[i - 1]?.n ?? 0));
  const unread = stratumCounts(of).some((stratum) => stratum.units > 0 && stratum.sampled === 0);
  const upper = sound && !unread && k <= scaled[at]!.n ? stageUpper(scaled, at, k, readers.alpha) : 1;
  return bound(estimate, correctFor(readers.lower, upper), `stage-wise, look ${at + 1}, n_eff ${scaled[at]!.n}`);
}

function weightedBound({ audit, units, kind, readers }: Case, bound: MakeBound): Bound {
  const weighted = units.map((unit) => ({ leaky: unit.leaky[kind], pi: unit.pi! }));
  const { leaky } = estimateLeaky(weighted);
  const estimate = Math.min(1, leaky / audit.units / (readers.point || 1));
  const bands = equalBands(audit, units, kind);
  const smallest = weighted.reduce((least, { pi }) => Math.min(least, pi), 1);
  const most = bands ? bandsUpper(bands, readers.alpha) : weightedUpper(leaky, smallest, audit.units, readers.alpha);
  const method = bands ? `bands of equal chance, ${bands.length}` : 'weighted, smallest chance';
  return bound(estimate, correctFor(readers.lower, most / audit.units), method);
}

/** Strata whose units all had one chance are bands; without them, a draw of one chance is a single band. */
function equalBands(audit: Audit, units: readonly ReadUnit[], kind: LeakClass): Band[] | null {
  const oneChance = (of: readonly ReadUnit[]) =>
    of.every((unit) => Math.abs(unit.pi! - of[0]!.pi!) <= 1e-9 * of[0]!.pi!);
  const band = (size: number, of: readonly ReadUnit[]) => ({
    units: size,
    sampled: of.length,
    leaky: countLeaky(of, kind),
  });
  if (oneChance(units)) return [band(audit.units, units)];
  if (!audit.strata) return null;
  const byStratum = Map.groupBy(units, (unit) => unit.stratum ?? '');
  if (![...byStratum.values()].every(oneChance)) return null;
  return Object.entries(audit.strata)
    .filter(([, size]) => size > 0)
    .map(([name, size]) => band(size, byStratum.get(name) ?? []));
}

function stratumCounts({ audit, units, kind }: Case) {
  const byStratum = Map.groupBy(units, (unit) => unit.stratum ?? '');
  return Object.entries(audit.strata ?? {}).map(([stratum, size]) => {
    const of = byStratum.get(stratum) ?? [];
    return { stratum, units: size, sampled: of.length, leaky: countLeaky(of, kind) };
  });
}

/** Where the leaks are: each stratum by itself, shown with its n, never summed. */
function stratumBounds(of: Case): Bound[] {
  const { audit, units, kind, readers } = of;
  const byStratum = Map.groupBy(
    units.filter((unit) => unit.stratum !== null),
    (unit) => unit.stratum!,
  );
  if (byStratum.size === 0) return [];
  const names = [...new Set([...Object.keys(audit.strata ?? {}), ...byStratum.keys()])].sort();
  return names.flatMap((stratum) => {
    const inside = byStratum.get(stratum) ?? [];
    // Units of unequal chance are no uniform draw from their stratum.
    if (new Set(inside.map((unit) => unit.pi)).size > 1) return [];
    const [n, k] = [inside.length, countLeaky(inside, kind)];
    const estimate = n === 0 ? {} : { estimate: estimated({ ...of, units: inside }, k / n) };
    const upper = correctFor(readers.lower, upperBound(k, n, readers.alpha));
    return [{ class: kind, stratum, n, k, ...estimate, upper, method: 'clopper-pearson' }];
  });
}

/** The observed share, raised by what readers are known to miss. */
function estimated({ units, kind, readers }: Case, share: number): number {
  if (readers.point === null) return share;
  if (readers.how === 'canaries') return share === 0 ? 0 : Math.min(1, share / readers.point);
  const twice = units.filter((unit) => unit.readings.length === 2);
  const sees = (unit: ReadUnit, pass: 1 | 2) => unit.readings.some((r) => r.pass === pass && r.found[kind] > 0);
  const { estimate } = missedByBoth({
    first: twice.filter((unit) => sees(unit, 1)).length,
    second: twice.filter((unit) => sees(unit, 2)).length,
    both: twice.filter((unit) => sees(unit, 1) && sees(unit, 2)).length,
  });
  return Math.min(1, share + (twice.length === 0 ? 0 : estimate / twice.length));
}

/** Identifiers found by either and by both readers of units that were read twice; null without such units. */
function capturedBy(units: readonly ReadUnit[]): Captured | null {
  const twice = units.filter((unit) => unit.readings.length === 2);
  if (twice.length === 0) return null;
  const captured = { first: 0, second: 0, both: 0 };
  for (const { readings } of twice) {
    const [first, second] = [1, 2].map((pass) => readings.find((reading) => reading.pass === pass)!.found);
    for (const kind of LEAK_CLASSES) {
      captured.first += first![kind];
      captured.second += second![kind];
      // Counts say how many, not which: the most that can be common, so the estimate stays a lower bound.
      captured.both += Math.min(first![kind], second![kind]);
    }
  }
  return captured;
}

function assumptionsOf(audit: Audit, units: readonly ReadUnit[], readers: Readers, reached: Reached | null): string[] {
  const drawn = {
    simple: 'units were drawn uniformly, without replacement, from the whole release',
    stratified: 'units were drawn uniformly inside each stratum',
    poisson: 'each unit was drawn by its own chance, independently of the others',
    double: 'units were drawn uniformly, without replacement, and read twice, blind',
  }[audit.design];
  const seeing =
    readers.how === 'canaries'
      ? 'canaries are as hard to see as real leaks'
      : readers.how === ''
        ? 'readers miss nothing: no canaries were planted'
        : 'the two readers miss independently of each other, secrets as often as identifiers';
  const blind = units.filter((unit) => unit.readings.some((reading) => reading.blind)).length;
  const unread = Object.entries(audit.strata ?? {}).filter(
    ([name, size]) => size > 0 && !units.some((unit) => unit.stratum === name),
  );
  return [
    drawn,
    'readers saw what is exported',
    seeing,
    ...(reached && reached.at > 0 ? ['no earlier planned look had accepted'] : []),
    ...(audit.design === 'poisson' ? ['no unit of the release had a smaller chance than those drawn'] : []),
    ...(blind > 0 ? [`${blind} unreadable units count as leaky`] : []),
    ...(unread.length > 0 && audit.design !== 'simple' && audit.design !== 'double'
      ? [`${unread.length} strata were never sampled and count as leaky throughout`]
      : []),
  ];
}
