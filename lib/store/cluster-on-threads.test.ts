import { describe, expect, it } from 'vitest';
import { clusterRows } from '#lib/core/dedup/cluster.ts';
import { seededRandom } from '#lib/core/stats/random.ts';
import { clusterOnThreads } from './cluster-on-threads.ts';

const chance = seededRandom(7);
/** Digits would all be one. */
const word = (n: number) => String(n).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!);
const words = (count: number) => Array.from({ length: count }, () => word(Math.floor(chance() * 900)));
const rows = Array.from({ length: 900 }, (_, family) => words(60 + (family % 40))).flatMap((said, family) => [
  { id: `a${family}`, text: said.join(' ') },
  { id: `b${family}`, text: [...said.slice(0, -1), 'other'].join(' ') },
]);

describe('clusters on several cores', () => {
  it('are those of one core, whatever the order in which batches come back', async () => {
    const alone = clusterRows(rows);
    expect(new Set(alone.values()).size).toBe(900);
    for (const cores of [1, 3]) {
      const index = await clusterOnThreads(rows, { cores });
      const together = index.clusters();
      expect([...together].filter(([id, cluster]) => alone.get(id) !== cluster)).toEqual([]);
      expect(together.size).toBe(rows.length);
    }
  });
  it('may go on after the threads are gone', async () => {
    const index = await clusterOnThreads<string>([{ id: 'b', text: 'where is my blue lamp please' }], { cores: 2 });
    index.add('a', 'Where is my blue lamp, please?');
    expect(index.clusters().get('b')).toBe('a');
  });
});
