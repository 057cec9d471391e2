import { describe, expect, it } from 'vitest';
import type { TranscriptEvent } from './event.ts';
import { findInEvents } from './find.ts';
import { isLongByNature, toRows } from './rows.ts';
import { piecesOfJson } from './to-transcript.ts';

const event = (
  seq: number,
  kind: TranscriptEvent['kind'],
  text: string,
  more: Partial<TranscriptEvent> = {},
): TranscriptEvent => ({
  id: `t:${seq}`,
  seq,
  kind,
  blocks: [{ format: 'prose', pieces: [{ path: `/events/${seq}/parts/0/text`, text }] }],
  ...more,
});

describe('rows of a transcript', () => {
  it('a call and its result are one row, also when others stand between', () => {
    const rows = toRows([
      event(1, 'tool_call', 'a'),
      event(2, 'tool_call', 'b'),
      event(3, 'tool_result', 'of b', { resultOf: 't:2' }),
      event(4, 'tool_result', 'of a', { resultOf: 't:1' }),
    ]);
    expect(rows.map((row) => [row.event.seq, row.result?.seq])).toEqual([
      [1, 4],
      [2, 3],
    ]);
  });
  it('a second result of one call and a result without its call stay rows of their own', () => {
    const rows = toRows([
      event(1, 'tool_call', 'a'),
      event(2, 'tool_result', 'r', { resultOf: 't:1' }),
      event(3, 'tool_result', 'again', { resultOf: 't:1' }),
      event(4, 'tool_result', 'orphan', { resultOf: 't:99' }),
    ]);
    expect(rows.map((row) => row.id)).toEqual(['t:1', 't:3', 't:4']);
  });
  it('a long text that stood before is told where', () => {
    const long = 'x'.repeat(500);
    const rows = toRows([event(1, 'system', long), event(2, 'user', 'hi'), event(3, 'system', long)]);
    expect(rows[2]?.sameAsSeq).toBe(1);
    expect(rows.map(isLongByNature)).toEqual([true, false, true]);
  });
});

describe('find', () => {
  it('gives code points, in reading order, without regard to case', () => {
    const found = findInEvents([event(1, 'user', '💩 Order, ORDER'), event(2, 'assistant', 'reorder')], 'order');
    expect(found.map(({ eventId, start, end }) => [eventId, start, end])).toEqual([
      ['t:1', 2, 7],
      ['t:1', 9, 14],
      ['t:2', 2, 7],
    ]);
  });
});

describe('JSON in pieces', () => {
  it('reads as JSON and every value and key has its pointer', () => {
    const value = { 'a/b': ['x', 1], note: 'y'.repeat(70), empty: {}, none: null };
    const pieces = piecesOfJson(value, '/v');
    expect(JSON.parse(pieces.map(({ text }) => text).join(''))).toEqual(value);
    expect(pieces.filter(({ path }) => path).map(({ path }) => path)).toEqual([
      '/v/a~1b#key',
      '/v/a~1b/0',
      '/v/a~1b/1',
      '/v/note#key',
      '/v/note',
      '/v/empty#key',
      '/v/none#key',
      '/v/none',
    ]);
  });
});
