/** Timing with a yardstick: figures of different machines compare only as ratios to the same plain loop. */
import { createHash } from 'node:crypto';

export type Figure = { name: string; value: number; unit: string; note?: string };

/** @returns milliseconds of the fastest of `times` runs */
export async function fastest(times: number, work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < times; n++) {
    const startedMs = performance.now();
    await work();
    best = Math.min(best, performance.now() - startedMs);
  }
  return best;
}

/** @returns milliseconds of processor time of the cheapest of `times` runs: waiting for a busy machine does not count */
export async function cheapest(times: number, work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < times; n++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

/**
 * The yardstick: SHA-256 over 64 MB and a parse of 8 MB of JSON, on one core.
 * @returns MB of JSON parsed a second, and MB hashed a second
 */
export async function yardstick(): Promise<{ jsonMbPerS: number; hashMbPerS: number }> {
  const row = JSON.stringify({ role: 'user', content: 'Which tent is the lightest? '.repeat(8), n: 1 });
  const lines = Array.from({ length: Math.ceil(8e6 / row.length) }, () => row);
  const jsonMs = await fastest(3, () => lines.reduce((sum, line) => sum + JSON.parse(line).n, 0));
  const block = Buffer.alloc(64_000_000, 'x');
  const hashMs = await fastest(3, () => createHash('sha256').update(block).digest());
  return { jsonMbPerS: 8000 / jsonMs, hashMbPerS: 64_000 / hashMs };
}

/** @returns the value below which `share` of them lie */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const round = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
