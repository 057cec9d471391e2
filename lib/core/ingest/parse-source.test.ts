import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBytes } from './testing/parse-bytes.ts';

const example = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
const line = (row: unknown) => `${JSON.stringify(row)}\n`;

/** One record or more of each format, to be mixed, cut and scrambled. */
const PIECES: string[] = [
  ...example('weather.jsonl')
    .trimEnd()
    .split('\n')
    .map((text) => `${text}\n`),
  line({
    id: 'g1',
    conversations: [
      { from: 'human', value: 'Hi' },
      { from: 'gpt', value: 'Hello \u0007' },
    ],
  }),
  line({ instruction: 'Add.', input: '1 2', output: '3' }),
  line({ chosen: '\n\nHuman: Hi\n\nAssistant: Good', rejected: '\n\nHuman: Hi\n\nAssistant: Bad' }),
  line({
    type: 'message',
    role: 'assistant',
    id: 'msg_1',
    content: [{ type: 'text', text: 'Zürich 😀' }],
    stop_reason: 'end_turn',
  }),
  line({
    id: 'c1',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content: 'Hel' }, finish_reason: null }],
  }),
  line({
    id: 'c1',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content: 'lo' }, finish_reason: 'stop' }],
  }),
  line({
    id: 'c2',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content: 'x' }, finish_reason: null }],
  }),
  line({ role: 'user', content: 'alone' }),
  line({ error: { message: 'slow down', type: 'rate_limit_exceeded', param: null, code: null } }),
  line({ nothing: 'known' }),
  'User: hi\n',
  'Bot: hello\n',
  '{"__proto__":{"a":1},"a":"\\u0000","a":"\\ud800"}\n',
  '\n',
  'garbage\n',
];

describe('parsing a source', () => {
  it('gives the worked example of the schema, byte for byte', async () => {
    const parsed = await parseBytes(example('weather.jsonl'), { path: 'log.jsonl' });
    expect(parsed.lines).toEqual([example('weather.trajectory.jsonl').trimEnd()]);
    expect(`${JSON.stringify(parsed.summary)}\n`).toBe(example('weather.summary.jsonl'));
    expect(parsed.broken).toEqual([]);
  });

  it('gives the same ids whatever the path, the packing and the size of chunks', async () => {
    const text = example('weather.jsonl');
    const ids = (parsed: { trajectories: { id: string }[] }) => parsed.trajectories.map(({ id }) => id);
    const plain = await parseBytes(text);
    expect(ids(await parseBytes(gzipSync(text), { path: 'elsewhere', chunkBytes: 10 }))).toEqual(ids(plain));
  });

  it('accounts for every record and keeps every invariant, however formats are mixed, cut and scrambled', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(PIECES.length - 1), { minLength: 1, maxLength: 14 }),
        fc.double({ min: 0.3, max: 1, noNaN: true }),
        fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { maxLength: 3 }),
        async (order, share, edits) => {
          const bytes = Buffer.from(order.map((at) => PIECES[at]).join(''));
          for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
          const cut = bytes.subarray(0, Math.ceil(bytes.length * share));
          const parsed = await parseBytes(cut);
          expect(parsed.broken).toEqual([]);
          const again = await parseBytes(cut, { chunkBytes: 13 });
          expect(again.lines).toEqual(parsed.lines);
          expect(again.summary).toEqual(parsed.summary);
          expect(parsed.records.map(({ recordNo }) => recordNo)).toEqual(parsed.records.map((_, index) => index + 1));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('routes each record of a mixed file to its own format', async () => {
    const { summary, broken } = await parseBytes(PIECES[0]! + PIECES[2]! + PIECES[3]! + PIECES[11]!);
    expect(broken).toEqual([]);
    expect(summary).toMatchObject({
      adapter: 'mixed',
      adapters: { alpaca: 1, 'openai-chat': 1, sharegpt: 1 },
      records: 4,
      mapped: 3,
      quarantined: [{ reason: 'unknown_format', recordNo: 4 }],
    });
  });

  it.each([
    ['', 'empty', 0],
    ['  \n\n', 'empty', 0],
    ['[]', 'empty', 0],
    ['words\nof no format\n', 'unknown', 1],
    ['%PDF-1.7\n', 'unknown', 1],
  ])('%j is %s', async (source, adapter, records) => {
    const { summary, trajectories } = await parseBytes(source);
    expect(summary).toMatchObject({ adapter, records, mapped: 0, trajectories: 0 });
    expect(trajectories).toEqual([]);
    expect(summary.quarantined).toHaveLength(records);
  });

  it('keeps what came out of a gzip that ends early, and quarantines the rest', async () => {
    const rows = Array.from({ length: 1500 }, (_, at) =>
      line({ instruction: `Say ${(at * 7919) % 10007}`, input: '', output: String((at * 104729) % 99991) }),
    ).join('');
    const packed = gzipSync(rows);
    const { summary } = await parseBytes(packed.subarray(0, packed.length >> 1), {});
    expect(summary.mapped).toBeGreaterThan(100);
    expect(summary.quarantined).toMatchObject([{ reason: 'corrupt_archive' }]);
    expect(summary.records).toBe(summary.mapped + 1);
  });

  it('says when it does not know the name of a format', async () => {
    await expect(parseBytes('{}', { format: 'nonsense' })).rejects.toThrow(RangeError);
  });

  it('marks what it had to replace, at the event that holds it', async () => {
    const { trajectories } = await parseBytes(
      '{"messages":[{"role":"user","content":"a\\u0000b"},{"role":"assistant","content":"fine","content":"better"}]}\n',
    );
    const [question, answer] = trajectories[0]!.events;
    expect(question).toMatchObject({ parts: [{ text: 'a\uFFFDb' }], flags: ['duplicate_keys', 'sanitised'] });
    expect(answer).toMatchObject({ parts: [{ text: 'better' }], flags: ['duplicate_keys'] });
  });
});
