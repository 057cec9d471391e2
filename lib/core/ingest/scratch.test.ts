import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Keeper, type Scratch } from './scratch.ts';
import { parseBytes } from './testing/parse-bytes.ts';

function memoryScratch(): Scratch & { size: number } {
  let all = Buffer.alloc(0);
  return {
    get size() {
      return all.length;
    },
    append(bytes) {
      all = Buffer.concat([all, bytes]);
      return all.length - bytes.length;
    },
    read: (offset, length) => all.subarray(offset, offset + length),
  };
}

describe('what waits for its end', () => {
  it('comes back as it was, from memory or from the scratch', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), fc.nat(60), (pieces, budget) => {
        const scratch = memoryScratch();
        const keeper = new Keeper(scratch, budget);
        const kept = pieces.map((piece) => keeper.keep(Buffer.from(piece)));
        expect(kept.map((one) => [...one.read()])).toEqual(pieces.map((piece) => [...piece]));
        const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
        expect(total - scratch.size).toBeLessThanOrEqual(budget);
      }),
      { numRuns: 100 },
    );
  });

  it('changes nothing in the trajectories', async () => {
    const turn = (at: number) => [
      { role: 'user', content: `question ${at}` },
      { role: 'assistant', content: `answer ${at}` },
    ];
    const rows = Array.from(
      { length: 6 },
      (_, at) => `${JSON.stringify({ messages: Array.from({ length: at + 1 }, (_, i) => turn(i)).flat() })}\n`,
    ).join('');
    const scratch = memoryScratch();
    const spilled = await parseBytes(rows, { scratch, limits: { openBytes: 50 } });
    expect(scratch.size).toBeGreaterThan(100);
    expect(spilled.lines).toEqual((await parseBytes(rows)).lines);
    expect(spilled.broken).toEqual([]);
  });
});
