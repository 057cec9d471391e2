/** What a summary says of fields that nothing was made of. */
import { describe, expect, it } from 'vitest';
import { jsonLines } from './testing/brief.ts';
import { parseBytes } from './testing/parse-bytes.ts';

const unreadOf = async (records: readonly unknown[]) =>
  (await parseBytes(jsonLines(records), { listUnread: true })).summary.unread;

describe('fields that nothing was made of', () => {
  const call = (more: object) => ({
    id: 'x',
    object: 'chat.completion',
    model: 'm',
    choices: [{ message: { role: 'assistant', content: 'Hello', ...more }, finish_reason: 'stop' }],
  });

  it('are listed by place, with the records that hold them; what is kept or looked at is not', async () => {
    expect(await unreadOf([call({ mood: 'glad' }), call({}), call({ mood: 'sad', weights: [{ w: 0.5 }] })])).toEqual([
      { at: '/choices/*/message/mood', records: 2 },
      { at: '/choices/*/message/weights/*/w', records: 1 },
    ]);
  });

  it('are none where an adapter keeps what it does not know beside the talk', async () => {
    expect(await unreadOf([{ instruction: 'Hi', output: 'Hello', mood: { of: 'the day' } }])).toEqual([]);
  });

  it('are found in logs that are put away until their session ends', async () => {
    const line = (payload: object) => ({ timestamp: '2026-03-01T09:00:00Z', type: 'response_item', payload, odd: 1 });
    expect(
      await unreadOf([
        { timestamp: '2026-03-01T09:00:00Z', type: 'session_meta', payload: { id: 's' } },
        line({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }),
      ]),
    ).toEqual([{ at: '/odd', records: 1 }]);
  });

  it('are only looked for when asked', async () => {
    expect((await parseBytes(jsonLines([call({ mood: 'glad' })]))).summary).not.toHaveProperty('unread');
  });
});
