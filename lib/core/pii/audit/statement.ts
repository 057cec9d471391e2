/** The sentence on top of a release. It says nothing that `residual` did not compute. */
import { inWholes } from './chapman.ts';
import type { Bound, Residual } from './residual.ts';

/**
 * Per thousand units, rounded up at two figures: what is printed is never below what was computed.
 * @param share 0 to 1
 */
export function perThousand(share: number): string {
  const value = share * 1_000;
  if (value <= 0) return '0';
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  // A bound that is 1.2 but for the last bit is 1.2, not 1.3.
  const rounded = Math.ceil(value / step - 1e-9) * step;
  return String(Number(rounded.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)))));
}

/**
 * @returns the statement of the whole release, or null when the audit was refused
 */
export function riskSentence({ bounds, missedByBoth, refused }: Residual): string | null {
  const of = (kind: Bound['class']) => bounds.find((bound) => bound.class === kind && bound.stratum === null);
  const [direct, secret] = [of('direct'), of('secret')];
  if (refused || !direct || !secret) return null;
  const first = `With 95 % confidence at most ${perThousand(direct.upper)} in 1,000 units of this release still hold a direct identifier; separately, with 95 % confidence at most ${perThousand(secret.upper)} in 1,000 still hold a secret.`;
  if (!missedByBoth || missedByBoth.estimate === 0) return first;
  const missed = inWholes(missedByBoth).estimate;
  return missed === 0
    ? `${first} Two readers together may have missed some identifiers.`
    : `${first} Two readers together probably missed at least ${missed} identifier${missed === 1 ? '' : 's'}.`;
}

/** Printed beneath the sentence. */
export const CONFIDENCE_NOTE = 'Each statement holds with 95 % confidence, both together with 90 %.';
