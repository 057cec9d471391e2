/**
 * What must not be mixed into one figure. Whoever would compute it refuses instead and says why: finds of a targeted
 * search, two designs in one n, canary finds, readings of another frame, two readings by one person, looks in between.
 */
import type { Audit, AuditedItem, Design, Reading } from './audited.ts';

/** Designs of single items that may stand in an audit of a given design. */
const FITTING: Record<Design, readonly string[]> = {
  simple: ['simple', 'random', 'second'],
  stratified: ['stratified', 'random', 'floor', 'second'],
  poisson: ['poisson', 'risk', 'second'],
  double: ['double', 'random', 'second'],
};
const NEVER: Record<string, string> = {
  sweep: 'spans picked by doubt were not drawn: they never count in a bound',
  recheck: 'units read again after a fix were not drawn anew: they never count in a bound',
  incident: 'incidents were found outside any draw: they never count in a bound',
  gold: 'gold units were not drawn: they never count in a bound',
  canary: 'canary finds measure the readers: they never count as leaks',
  sprt: 'a sample stopped by a sequential test gives no bound',
};

/** @returns reasons, each once, in a fixed order; none when the audit may be computed */
export function refusals(audit: Audit, items: readonly AuditedItem[], readings: readonly Reading[]): string[] {
  const reasons = [
    ...designReasons(audit, readings),
    ...frameReasons(items),
    ...readingReasons(audit, readings),
    ...chanceReasons(audit, readings),
    ...strataReasons(audit, readings),
    ...canaryReasons(audit),
  ];
  return [...new Set(reasons)];
}

function designReasons(audit: Audit, readings: readonly Reading[]): string[] {
  const designs = new Set(readings.flatMap((reading) => reading.design ?? []));
  return [...designs].sort().flatMap((design) => {
    if (FITTING[audit.design].includes(design)) return [];
    if (NEVER[design]) return [NEVER[design]];
    if (design === 'floor') return ['floor items count only in a stratified audit, through the effective size'];
    return [`two designs in one sample: an item says "${design}", the audit "${audit.design}"`];
  });
}

function frameReasons(items: readonly AuditedItem[]): string[] {
  const frames = new Set(items.flatMap((item) => item.frameId ?? []));
  const onSurrogates = items.some((item) => item.view?.startsWith('surrogate'));
  return [
    ...(frames.size > 1 ? ['readings of different frames in one sample'] : []),
    ...(onSurrogates ? ['verdicts given on surrogates: readers must see placeholders'] : []),
  ];
}

function readingReasons(audit: Audit, readings: readonly Reading[]): string[] {
  const reasons: string[] = [];
  const byUnit = Map.groupBy(readings, (reading) => reading.unit);
  if (byUnit.size === 0) reasons.push('no unit was read');
  if (byUnit.size > audit.units) reasons.push('more units were read than the release has');
  for (const of of byUnit.values()) {
    // In a uniform draw one reading is one reading, whichever slot it came from: the first may still be under way.
    if (of.length === 1 && (of[0]!.pass === 1 || audit.design !== 'double')) continue;
    const passes = of.map((reading) => reading.pass);
    if (new Set(passes).size < passes.length) reasons.push('a unit stands twice in the sample for the same pass');
    if (!passes.includes(1)) reasons.push('a unit has a second reading and no first');
    const readers = of.flatMap((reading) => reading.reviewer ?? []);
    if (new Set(readers).size < readers.length) reasons.push('one person gave both readings of a unit');
    if (new Set(of.map((reading) => reading.stratum)).size > 1) reasons.push('a unit stands in two strata');
    if (new Set(of.map((reading) => reading.pi)).size > 1) reasons.push('a unit has two chances to be drawn');
  }
  if (audit.design === 'double' && !readings.some((reading) => reading.pass === 2)) {
    reasons.push('a double audit needs second readings');
  }
  return reasons;
}

function chanceReasons(audit: Audit, readings: readonly Reading[]): string[] {
  const given = readings.filter((reading) => reading.pi !== null);
  if (given.some(({ pi }) => !(pi! > 0 && pi! <= 1))) return ['a chance to be drawn lies above 0 and at most at 1'];
  if (audit.design === 'poisson') {
    return given.length < readings.length ? ['a draw by chance needs the chance of every unit'] : [];
  }
  if (given.length > 0 && given.length < readings.length) {
    return ['units with and without their chance to be drawn are two designs'];
  }
  // Rounding of the share drawn apart, a uniform draw has one chance (a stratified one: one a stratum).
  const place = (reading: Reading) => (audit.design === 'stratified' ? reading.stratum : null);
  for (const group of Map.groupBy(given, place).values()) {
    const chances = group.map((reading) => reading.pi!);
    const [least, most] = [chances.reduce((a, b) => Math.min(a, b), 1), chances.reduce((a, b) => Math.max(a, b), 0)];
    if (most - least > 1e-6 * most) return [`units of unequal chance in a ${audit.design} audit`];
  }
  return [];
}

function strataReasons({ design, strata, units }: Audit, readings: readonly Reading[]): string[] {
  if (!strata) return design === 'stratified' ? ['a stratified audit needs the size of every stratum'] : [];
  const reasons: string[] = [];
  const all = Object.values(strata).reduce((sum, size) => sum + size, 0);
  if (all !== units) reasons.push('the strata do not add up to the units of the release');
  const needed = design === 'stratified' || design === 'poisson';
  const sampled = new Map<string, Set<string>>();
  for (const { stratum, unit } of readings) {
    if (stratum === null) {
      if (needed) reasons.push('a unit without a stratum');
    } else if (!Object.hasOwn(strata, stratum)) reasons.push('a unit of a stratum that the release does not have');
    else sampled.set(stratum, (sampled.get(stratum) ?? new Set()).add(unit));
  }
  for (const [stratum, of] of sampled) {
    if (of.size > strata[stratum]!) reasons.push('more units were read in a stratum than it has');
  }
  return reasons;
}

function canaryReasons({ canaries, looks, design }: Audit): string[] {
  const reasons: string[] = [];
  if (canaries && canaries.found > canaries.planted) reasons.push('more canaries found than planted');
  if (!looks) return reasons;
  if (design === 'poisson') reasons.push('planned looks belong to uniform draws');
  const growing = looks.every(([n, accept], i) => n > accept && n > (looks[i - 1]?.[0] ?? 0));
  if (!growing) reasons.push('planned looks must grow, and allow fewer leaks than units');
  return reasons;
}
