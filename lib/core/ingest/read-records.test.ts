import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from '../trajectory/json.ts';
import { openRecords, type ReadRecord } from './read-records.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(source: string | Uint8Array, { chunk = 7, recordBytes = 1 << 20 } = {}) {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source;
  const open = await openRecords(inChunks(bytes, chunk), { recordBytes });
  const records: ReadRecord[] = [];
  for await (const batch of open.records()) records.push(...batch);
  for (const { record, bytes: own } of records) {
    const place = bytes.subarray(record.byteStart, record.byteEnd);
    expect(createHash('sha256').update(place).digest('hex')).toBe(record.sha256);
    if (own) expect(Buffer.from(own).equals(place)).toBe(true);
  }
  expect(records.map(({ record }) => record.recordNo)).toEqual(records.map((_, index) => index + 1));
  return { container: open.container, encoding: open.encoding, records };
}

const outline = ({ records }: { records: ReadRecord[] }) =>
  records.map(
    ({ record, refused }) => refused?.reason ?? (record.value === undefined ? record.text : stringify(record.value)),
  );

describe('how a source is cut into records', () => {
  it.each([
    ['lines of JSON', '{"a":1}\n\n{"b":2}\r\n{"c":3}', 'json-lines', ['{"a":1}', '{"b":2}', '{"c":3}']],
    ['lines of arrays', '[1]\n[2]\n', 'json-lines', ['[1]', '[2]']],
    ['an array on one line', '[{"a":1},{"b":[2]} , 3]\n', 'array', ['{"a":1}', '{"b":[2]}', '3']],
    ['a pretty array', '[\n  {\n    "a": 1\n  },\n  {"b": "]"}\n]', 'array', ['{"a":1}', '{"b":"]"}']],
    ['one pretty object', '{\n  "a": {\n    "b": 1\n  }\n}\n', 'values', ['{"a":{"b":1}}']],
    ['pretty objects in a row', '{\n "a":1\n}\n{\n "b":2\n}', 'values', ['{"a":1}', '{"b":2}']],
    ['objects on one line', '{"a":1} {"b":2}{"c":3}', 'values', ['{"a":1}', '{"b":2}', '{"c":3}']],
    ['an array and one more value', '[1,2]{"a":1}', 'values', ['[1,2]', '{"a":1}']],
    [
      'server-sent events',
      ': hi\nevent: x\ndata: {"a":1}\n\ndata: {"b":\ndata: 2}\n\ndata: [DONE]\n\n',
      'events',
      ['{"a":1}', '{"b":2}'],
    ],
    ['server-sent events without blank lines', 'data: {"a":1}\ndata: {"b":2}\n', 'events', ['{"a":1}', '{"b":2}']],
    ['lines of text', 'User: hi\n\nBot: hello\n', 'lines', ['User: hi', 'Bot: hello']],
    ['a channel log', '[12:01] <a> hi\n[12:02] <b> ho\n', 'lines', ['[12:01] <a> hi', '[12:02] <b> ho']],
    ['one number', '17\n', 'values', ['17']],
    ['nothing', '', 'empty', []],
    ['only blanks', ' \n\t\n', 'empty', []],
    ['an empty array', '[]', 'array', []],
  ])('%s', async (_, source, container, expected) => {
    for (const chunk of [1, 5, 1000]) {
      const result = await read(source, { chunk });
      expect(result.container).toBe(container);
      expect(outline(result)).toEqual(expected);
    }
  });

  it.each([
    ['a broken line in the middle', '{"a":1}\n{"b":\n{"c":3}\n', ['{"a":1}', 'bad_json', '{"c":3}']],
    ['a last line that is still being written', '{"a":1}\n{"b":"x', ['{"a":1}', 'truncated']],
    ['a last line without its end', '{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']],
    ['a broken last line', '{"a":1}\n{b}', ['{"a":1}', 'bad_json']],
    ['an array that ends early', '[{"a":1},{"b":2},{"c"', ['{"a":1}', '{"b":2}', 'truncated']],
    ['an array that never began', '[', ['truncated']],
    ['an item that is no JSON', '[{"a":1},nope,{"b":2}]', ['{"a":1}', 'bad_json', '{"b":2}']],
    ['a broken item among pretty ones', '[\n  {"a":[1},\n  {"b":2},\n  {"c":3}\n]', ['bad_json', '{"b":2}', '{"c":3}']],
    ['a document that ends early', '{\n  "a": 1,\n  "b"', ['truncated']],
    ['a document that is broken', '{\n  "a": 1\n  "b": 2\n}', ['bad_json']],
    ['brackets without end', '['.repeat(100_000), ['too_deep']],
    ['513 levels', `${'['.repeat(514)}${']'.repeat(514)}`, ['too_deep']],
    ['a database', `SQLite format 3\0${'x'.repeat(100)}`, ['unsupported_container']],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1'), ['binary']],
    ['bytes', Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 73) % 256)), ['binary']],
  ])('%s', async (_, source, expected) => {
    for (const chunk of [1, 9, 100_000]) expect(outline(await read(source, { chunk }))).toEqual(expected);
  });

  it('lets go of a record over the limit and reads the next one', async () => {
    const long = JSON.stringify({ long: 'x'.repeat(5000) });
    for (const source of [`{"a":1}\n${long}\n{"b":2}\n`, `[{"a":1},${long},{"b":2}]`, `{"a":1} ${long} {"b":2}`]) {
      const result = await read(source, { recordBytes: 1000, chunk: 100 });
      expect(outline(result)).toEqual(['{"a":1}', 'too_large', '{"b":2}']);
    }
  });

  it('counts bytes after a byte order mark', async () => {
    const result = await read('\uFEFF{"a":1}\n{"b":2}\n');
    expect(result.encoding).toBe('utf-8-bom');
    expect(result.records.map(({ record }) => [record.byteStart, record.byteEnd])).toEqual([
      [3, 10],
      [11, 18],
    ]);
  });

  it.each([
    ['utf-16le', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['utf-16be', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['utf-16le', (text: string) => Buffer.from(text, 'utf16le')],
    ['utf-16be', (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ])('reads %s and counts in its bytes', async (encoding, encode) => {
    const lines = ['{"a":"plain ascii text, long enough to be told"}', '{"b":"Zürich 😀 …"}', '{"c":3}'];
    for (const chunk of [1, 3, 4096]) {
      const result = await read(encode(`${lines.join('\r\n')}\n`), { chunk });
      expect(result.encoding).toBe(encoding);
      expect(outline(result)).toEqual(lines);
    }
  });

  it('replaces what is not UTF-8 and says so', async () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xc3]), Buffer.from('"}\n{"b":1}\n')]);
    const { records } = await read(bytes);
    expect(records.map(({ record }) => record.flags)).toEqual([['invalid_utf8'], []]);
    expect(stringify(records[0]!.record.value)).toBe('{"a":"\uFFFD\uFFFD"}');
  });

  it('reads the same values from lines, an array and several values, however the bytes arrive', async () => {
    const item = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue(), { maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (items, chunk, pretty) => {
          const texts = items.map((value) => JSON.stringify(value, null, pretty ? 2 : 0));
          // A short first line would be JSON Lines, whatever follows.
          fc.pre(!texts.join().includes('\\u') && (!pretty || texts.every((text) => text.includes('\n'))));
          const expected = items.map((value) => JSON.stringify(JSON.parse(JSON.stringify(value))));
          const normal = (result: { records: ReadRecord[] }) =>
            result.records.map(({ record }) => JSON.stringify(JSON.parse(stringify(record.value))));
          expect(normal(await read(`[${texts.join(',')}]`, { chunk }))).toEqual(expected);
          expect(normal(await read(texts.join('\n'), { chunk }))).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('hands out every byte of a cut or scrambled file at most once, and never stops', async () => {
    const base = Buffer.from('{"a":[1,{"b":"c\\n"}]}\n{"d":"ü"}\n[{"e":null},\n{"f":1.50}]\n');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(base.length),
        fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { maxLength: 4 }),
        async (end, edits) => {
          const bytes = Buffer.from(base);
          for (const [at, byte] of edits) bytes[at] = byte;
          const { records } = await read(bytes.subarray(0, end), { chunk: 11 });
          let last = 0;
          for (const { record } of records) {
            expect(record.byteStart).toBeGreaterThanOrEqual(last);
            last = record.byteEnd;
          }
          expect(last).toBeLessThanOrEqual(end);
        },
      ),
      { numRuns: 150 },
    );
  });
});
