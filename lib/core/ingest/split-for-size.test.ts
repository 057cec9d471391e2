import { describe, expect, it } from 'vitest';
import { parseBytes } from './testing/parse-bytes.ts';

describe('a trajectory that is too large for one line', () => {
  it('goes on in further ones, cut where an answer or a question begins', async () => {
    const turns = Array.from({ length: 8 }, (_, at) => ({
      role: at % 2 === 0 ? 'user' : 'assistant',
      content: `${at}`.repeat(400),
    }));
    const { trajectories, broken, summary } = await parseBytes(`${JSON.stringify({ messages: turns })}\n`, {
      limits: { trajectoryBytes: 2000 },
    });
    expect(broken).toEqual([]);
    expect(summary).toMatchObject({ records: 1, mapped: 1, trajectories: trajectories.length });
    expect(trajectories.length).toBeGreaterThan(2);
    expect(
      trajectories.flatMap(({ events }) => events.map(({ parts }) => (parts[0] as { text: string }).text[0])).join(''),
    ).toBe('01234567');
    expect(trajectories.map(({ continues }) => continues)).toEqual([
      undefined,
      ...trajectories.slice(0, -1).map(({ id }) => id),
    ]);
    expect(trajectories.every(({ flags }) => flags.includes('split_for_size'))).toBe(true);
  });
});
