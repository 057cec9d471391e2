/**
 * Chance that is handed in. `seededRandom` is fast and repeatable (simulations, bootstraps, folds); `keyedShare` is
 * for decisions that nobody may steer or guess without the key (draws, splits, which side stands left).
 */
import { createHmac } from 'node:crypto';

/** xoshiro128** seeded by SplitMix32: uniform 32-bit numbers, period 2^128 - 1. */
export function seededBits(seed: number): () => number {
  let mix = seed | 0;
  const next32 = () => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let [a, b, c, d] = [next32(), next32(), next32(), next32()];
  return () => {
    const x5 = Math.imul(b, 5);
    const result = Math.imul((x5 << 7) | (x5 >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
}

/** Uniform in [0, 1), 32 bits of it. */
export function seededRandom(seed: number): () => number {
  const bits = seededBits(seed);
  return () => bits() / 2 ** 32;
}

/**
 * The first 8 bytes of HMAC-SHA-256(key, message) over 2^64, as a number in [0, 1).
 * The low 11 of the 64 bits are dropped: a double can't hold them, and rounding up could give 1.
 */
export function keyedShare(key: string | Uint8Array, message: string): number {
  const bytes = createHmac('sha256', key).update(message).digest();
  return Number(bytes.readBigUInt64BE(0) >> 11n) / 2 ** 53;
}
