/** Which answer stands left: by chance that is stored as a seed, so that a verdict can be read again years later. */
import { keyedShare } from '../stats/random.ts';

/** Share of pairs that come back once with sides swapped, to see whether the side decides. */
export const SWAP_SHARE = 0.05;

/**
 * @param seed stored with the queue @param personId two people see different orders
 * @param showing 2: the pair comes back with sides swapped
 */
export function leftSide(seed: string, pairId: string, personId: string, showing: 1 | 2 = 1): 'a' | 'b' {
  const first = keyedShare(seed, `left\n${pairId}\n${personId}`) < 0.5;
  return first === (showing === 1) ? 'a' : 'b';
}

export const comesBackSwapped = (seed: string, pairId: string, personId: string): boolean =>
  keyedShare(seed, `swap\n${pairId}\n${personId}`) < SWAP_SHARE;
