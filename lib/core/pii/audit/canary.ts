/**
 * Readers miss things. How much is measured with canaries: copies of units outside the sample with one planted
 * identifier each. The count's bound is divided by the lower bound of what readers find, never by the observed share.
 */
import { ALPHA, lowerBound } from './bound.ts';

export type Canaries = { planted: number; found: number };
export type Sensitivity = { point: number; lower: number };

/** Of the error allowed, four parts go to the count and one to the readers. */
export const COUNT_PART = 0.8;

/** Error allowed at the j-th attempt on one lineage: halved each time. @throws RangeError unless j is 1, 2, … */
export function alphaOfAttempt(attempt: number, alpha = ALPHA): number {
  if (!Number.isInteger(attempt) || attempt < 1) throw new RangeError('attempts count from 1');
  return alpha / 2 ** (attempt - 1);
}

/** @returns the parts of alpha for the count and for the readers */
export const splitAlpha = (alpha: number): { count: number; readers: number } => ({
  count: alpha * COUNT_PART,
  readers: alpha * (1 - COUNT_PART),
});

/** Share of canaries found on first readings. @throws RangeError when found > planted */
export const sensitivityOf = ({ planted, found }: Canaries, alpha: number): Sensitivity => ({
  point: planted === 0 ? 0 : found / planted,
  lower: lowerBound(found, planted, alpha),
});

/** A bound on what readers report, turned into one on what is there. */
export const correctFor = (sensitivityLower: number, upper: number): number =>
  sensitivityLower > 0 ? Math.min(1, upper / sensitivityLower) : 1;

/**
 * Sensitivity of two blind readers together, each one's taken at a lower bound from what the other found. Valid when
 * they miss independently of each other; hard cases that both miss make it too high, which the statement says.
 * @param found units found leaky by the first, by the second and by both
 */
export function unionSensitivity(found: { first: number; second: number; both: number }, alpha: number): Sensitivity {
  const one = { point: shareOf(found.both, found.second), lower: lowerBound(found.both, found.second, alpha / 2) };
  const two = { point: shareOf(found.both, found.first), lower: lowerBound(found.both, found.first, alpha / 2) };
  return {
    point: 1 - (1 - one.point) * (1 - two.point),
    lower: 1 - (1 - one.lower) * (1 - two.lower),
  };
}

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
