import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { callId } from './chat-format.ts';
import { checkFiles } from './check-files.ts';
import { pythonFloat, pythonJson } from './python-json.ts';
import type { Level, Message, Row, Split } from './row.ts';
import {
  gzipStable,
  type RowEntry,
  type SerialiseOptions,
  type Shard,
  samplerIndex,
  serialiseRow,
  toShards,
  trainStock,
} from './serialise.ts';

const chat = (id: string, split: Split = 'train', level: Level = 'L0', more: Partial<Message> = {}): RowEntry => {
  const messages = [
    { role: 'user', content: 'x' },
    { role: 'assistant', content: 'y', ...more },
  ] as Message[];
  const row: Row = { id, messages, meta_json: `{"group":"g-${id}"}` };
  return { config: 'sft-chat', split, level, row, index: { group: `g-${id}` } };
};
const shardsOf = (entries: readonly RowEntry[], options?: SerialiseOptions) => toShards(entries, options).shards;
const pathsOf = (shards: readonly Shard[]) =>
  shards.map(({ path, rows }) => [path, rows.map(({ entry }) => entry.row.id)]);
const findingsOf = async (shards: readonly Shard[]) =>
  (
    await checkFiles(
      shards.map(({ path, bytes }) => ({ file: path, chunks: () => [bytes] })),
      'sft',
    )
  ).findings;

describe('rows as files', () => {
  it('lie by config, split and level, sorted by id, whatever the order they came in', () => {
    const entries = [chat('b'), chat('a'), chat('c', 'test'), chat('d', 'train', 'L1')];
    const shards = shardsOf(entries);
    expect(pathsOf(shards)).toEqual([
      ['data/sft-chat/train-L0-00000-of-00001.jsonl', ['a', 'b']],
      ['data/sft-chat/train-L1-00000-of-00001.jsonl', ['d']],
      ['data/sft-chat/test-L0-00000-of-00001.jsonl', ['c']],
    ]);
    expect(shardsOf(entries.toReversed())).toEqual(shards);
  });

  it('are cut into shards of at most the size given, each counted within its split and level', () => {
    const entries = ['a', 'b', 'c'].map((id) => chat(id));
    const size = serialiseRow(entries[0]!.row).length;
    expect(pathsOf(shardsOf(entries, { maxShardBytes: 2 * size }))).toEqual([
      ['data/sft-chat/train-L0-00000-of-00002.jsonl', ['a', 'b']],
      ['data/sft-chat/train-L0-00001-of-00002.jsonl', ['c']],
    ]);
  });

  it('pack to the same bytes each time, without name, time or system', () => {
    const bytes = Buffer.from('x'.repeat(1000));
    const packed = gzipStable(bytes);
    expect([...packed.subarray(3, 10)]).toEqual([0, 0, 0, 0, 0, 0, 255]);
    expect(gunzipSync(packed)).toEqual(bytes);
    expect(shardsOf([chat('a')], { gzip: true })[0]!.path).toMatch(/\.jsonl\.gz$/);
  });
});

describe('anchor rows', () => {
  const late = chat('z', 'train', 'L0', { train: false } as Partial<Message>);
  const rows = ['a', 'b', 'c', 'd'].map((id) => chat(id));

  it('come first when the first chunk would freeze the types too early, and only then', () => {
    expect(shardsOf([...rows, late]).flatMap(({ rows: ofShard }) => ofShard)[0]!.entry.row.id).toBe('a');
    const anchored = shardsOf([...rows, late], { sampleBytes: 100 });
    expect(anchored[0]!.rows.map(({ entry }) => entry.row.id)).toEqual(['z', 'a', 'b', 'c', 'd']);
  });

  it('come from another level when the first has none, and keep their own level', async () => {
    const deep = chat('z', 'train', 'L3', { reasoning_content: 'hm' } as Partial<Message>);
    const shards = shardsOf([...rows, deep]);
    expect(pathsOf(shards)).toEqual([['data/sft-chat/train-L0-00000-of-00001.jsonl', ['z', 'a', 'b', 'c', 'd']]]);
    expect(samplerIndex(shards).split('\n')[0]).toContain('"level":"L3"');
    expect(await findingsOf(shards)).toEqual([]);
  });

  it('are made in a split that has none, by saying that its answer is trained', async () => {
    const thinking = chat('z', 'train', 'L0', { reasoning_content: 'hm' } as Partial<Message>);
    const shards = shardsOf([...rows, thinking, chat('t', 'test'), chat('u', 'test')]);
    const test = shards.find(({ split }) => split === 'test')!;
    const told = test.rows.map(({ entry }) => ('messages' in entry.row ? entry.row.messages.at(-1) : undefined));
    expect(told).toEqual([
      { role: 'assistant', content: 'y', train: true },
      { role: 'assistant', content: 'y' },
    ]);
    expect(await findingsOf(shards)).toEqual([]);
  });
});

describe('pairs whose chosen calls all look alike', () => {
  const pair = (id: string, split: Split, date: string | undefined): RowEntry => {
    const args = { id: 'c00000000', type: 'function' as const, function: { name: 'f', arguments: { date: date! } } };
    const chosen = [
      { role: 'assistant' as const, content: date ? '' : 'text', ...(date ? { tool_calls: [args] } : {}) },
    ];
    const rejected = [{ role: 'assistant' as const, content: 'no' }];
    const tools = '[{"type":"function","function":{"name":"f","description":"","parameters":{}}}]';
    const row: Row = {
      id,
      prompt: [{ role: 'user', content: 'x' }],
      chosen,
      rejected,
      tools,
      meta_json: `{"group":"g-${id}"}`,
    };
    return { config: 'dpo-agent', split, level: 'L1', row };
  };
  const errorsOf = async (shards: readonly Shard[]) => {
    const files = shards.map(({ path, bytes }) => ({ file: path, chunks: () => [bytes] }));
    const { findings } = await checkFiles(files, 'dpo');
    return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  };

  it('get an anchor, so that a date stays a text and another split may look otherwise', async () => {
    const entries = [pair('a', 'train', '2026-11-03'), pair('b', 'train', '2026-11-04'), pair('c', 'test', undefined)];
    const { shards, leftOut } = toShards(entries);
    expect(leftOut).toEqual([]);
    expect(
      Buffer.from(shards[0]!.bytes)
        .toString()
        .match(/"train":true/g),
    ).toHaveLength(1);
    expect(await errorsOf(shards)).toEqual([]);
  });

  it('are left out and named when there is only one and nothing beside it; the others stay', async () => {
    const { shards, leftOut } = toShards([pair('a', 'train', '2026-11-03'), pair('c', 'test', undefined)]);
    expect(leftOut.map(({ row }) => row.id)).toEqual(['a']);
    expect(await errorsOf(shards)).toEqual([]);
  });
});

describe('the sampler', () => {
  const shards = shardsOf([chat('a'), chat('b'), chat('c', 'train', 'L2'), chat('d', 'test', 'L5')]);

  it('finds each row by its bytes', () => {
    const lines = samplerIndex(shards)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(4);
    for (const { id, file, byteStart, byteEnd } of lines) {
      const { bytes } = shards.find(({ path }) => path === file)!;
      expect(JSON.parse(Buffer.from(bytes.slice(byteStart, byteEnd)).toString())).toMatchObject({ id });
    }
  });

  it('counts the rows of train by config and level', () => {
    expect(trainStock(shards)).toEqual([
      { config: 'sft-chat', level: 'L0', rows: 2 },
      { config: 'sft-chat', level: 'L2', rows: 1 },
    ]);
  });
});

it('counts call ids in base 36 with nine characters', () => {
  expect([0, 35, 36].map(callId)).toEqual(['c00000000', 'c0000000z', 'c00000010']);
});

it('writes JSON as Python does', () => {
  expect([1e16, 1e-5, 0.1, 100, 123456789012345680000, 1e22].map(pythonFloat)).toEqual([
    '1e+16',
    '1e-05',
    '0.1',
    '100.0',
    '1.2345678901234568e+20',
    '1e+22',
  ]);
  expect(pythonJson({ a: [1, 0.5, null, true], ü: 'ß😀' }, true)).toBe(
    '{"a": [1, 0.5, null, true], "\\u00fc": "\\u00df\\ud83d\\ude00"}',
  );
});
