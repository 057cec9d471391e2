/**
 * Whom to read. The seed follows from the frozen frame and the head of the ledger, so nobody can shop for one; each
 * unit's place in the draw follows from seed and unit id alone, so the order in which units are handed in is no matter
 * and a longer draw begins with the shorter one.
 */
import { keyedShare } from '../../stats/random.ts';
import { sha256 } from '../../trajectory/hash.ts';
import { type Allocation, allocate, STRATUM_FLOOR } from './plan.ts';

export type FrameUnit = { unitId: string; stratum: string };
export type DrawDesign = 'random' | 'floor' | 'risk';
export type DrawnUnit = FrameUnit & {
  design: DrawDesign;
  /** Chance that this unit came into the draw, in (0, 1]. */
  pi: number;
  /** From 0; a prefix is itself a draw, in proportion up to rounding. Floor units come last. */
  drawIndex: number;
};

/** @param frameHash content hash of the release candidate @param ledgerHead hash of the last ledger row */
export const drawSeed = (frameHash: string, ledgerHead: string): string => sha256(frameHash + ledgerHead);

/** Units in the order in which chance takes them; `purpose` keeps two draws from one seed apart. */
function shuffled<T extends { unitId: string }>(units: readonly T[], seed: string, purpose: string): T[] {
  return units
    .map((unit) => ({ unit, at: keyedShare(seed, `${purpose}\n${unit.unitId}`) }))
    .sort((a, b) => a.at - b.at || (a.unit.unitId < b.unit.unitId ? -1 : 1))
    .map(({ unit }) => unit);
}

/** Uniform draw without replacement from the whole frame. @throws RangeError when n is larger than the frame */
export function drawRandom(frame: readonly FrameUnit[], n: number, seed: string): DrawnUnit[] {
  checkFrame(frame);
  if (n > frame.length) throw new RangeError(`${n} units can't be drawn from ${frame.length}`);
  return shuffled(frame, seed, 'draw')
    .slice(0, n)
    .map((unit, drawIndex) => ({ ...unit, design: 'random' as const, pi: n / frame.length, drawIndex }));
}

/**
 * Draw in proportion to strata, without replacement, and small strata topped up to the floor.
 * @returns drawn units by `drawIndex`, and how many fell on each stratum
 */
export function drawStratified(
  frame: readonly FrameUnit[],
  n: number,
  seed: string,
  floor = STRATUM_FLOOR,
): { drawn: DrawnUnit[]; allocation: Allocation[] } {
  checkFrame(frame);
  const byStratum = Map.groupBy(frame, (unit) => unit.stratum);
  const allocation = allocate(
    Object.fromEntries([...byStratum].map(([name, units]) => [name, units.length])),
    n,
    floor,
  );
  const placed: { unit: Omit<DrawnUnit, 'drawIndex'>; at: number }[] = [];
  for (const { stratum, units, random, floor: extra } of allocation) {
    const order = shuffled(byStratum.get(stratum)!, seed, 'draw');
    for (const [i, unit] of order.slice(0, random + extra).entries()) {
      const design = i < random ? ('random' as const) : ('floor' as const);
      // Spread evenly over the reading order, so that an early look is in proportion too.
      const at = i < random ? (i + 0.5) / random : 1 + i;
      placed.push({ unit: { ...unit, design, pi: (random + extra) / units }, at });
    }
  }
  placed.sort((a, b) => a.at - b.at || (a.unit.stratum < b.unit.stratum ? -1 : 1));
  return { drawn: placed.map(({ unit }, drawIndex) => ({ ...unit, drawIndex })), allocation };
}

/** Each unit by its own chance, independently of the others (`risk`); the size of the draw is itself by chance. */
export function drawByRisk(frame: readonly (FrameUnit & { pi: number })[], seed: string): DrawnUnit[] {
  checkFrame(frame);
  return shuffled(frame, seed, 'order')
    .filter((unit) => keyedShare(seed, `risk\n${unit.unitId}`) < unit.pi)
    .map((unit, drawIndex) => ({ ...unit, design: 'risk' as const, drawIndex }));
}

/** Share of random units that is read twice, by default. */
export const SECOND_SHARE = 0.2;

/** Units that get a blind second reading: a uniform part of the random ones, at least the share. */
export function drawSecond(drawn: readonly DrawnUnit[], seed: string, share = SECOND_SHARE): DrawnUnit[] {
  const random = drawn.filter((unit) => unit.design === 'random');
  return shuffled(random, seed, 'second').slice(0, Math.ceil(random.length * share));
}

/** Carriers of canaries: from units that were not drawn, as many as asked or as there are. */
export function drawCarriers(
  frame: readonly FrameUnit[],
  drawn: readonly FrameUnit[],
  count: number,
  seed: string,
): FrameUnit[] {
  const taken = new Set(drawn.map((unit) => unit.unitId));
  return shuffled(
    frame.filter((unit) => !taken.has(unit.unitId)),
    seed,
    'canary',
  ).slice(0, count);
}

function checkFrame(frame: readonly FrameUnit[]): void {
  if (new Set(frame.map((unit) => unit.unitId)).size < frame.length)
    throw new RangeError('a unit is in the frame twice');
}
