/** What a source is packed and written in: archives, evaluations, YAML, tables, encodings; told from its bytes alone. */
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { talk } from './testing/brief.ts';
import { parseBytes } from './testing/parse-bytes.ts';

const SAMPLES = new URL('../../../../shared/samples/', import.meta.url);

const chat = (text: string) =>
  `${JSON.stringify({
    messages: [
      { role: 'user', content: text },
      { role: 'assistant', content: `${text}!` },
    ],
  })}\n`;

/** A file in a tar, ustar. */
function packed(name: string, body: string | Uint8Array, type = '0'): Buffer {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(512);
  header.write(name.slice(0, 100), 0);
  header.write('0000644\0', 100);
  header.write(`${bytes.length.toString(8).padStart(11, '0')} `, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
const tar = (...files: Buffer[]) => Buffer.concat([...files, Buffer.alloc(1024)]);

describe('tar', () => {
  const archive = tar(
    packed('dir/', '', '5'),
    packed('a.jsonl', chat('one')),
    packed('b.jsonl.gz', gzipSync(chat('two'))),
    packed('link', '', '2'),
  );

  it('reads each file as a source of its own, plain, in gzip and in zstd; names are only names', async () => {
    for (const [bytes, compression] of [
      [archive, 'none'],
      [gzipSync(archive), 'gzip'],
      [zstdCompressSync(archive), 'zstd'],
    ] as const) {
      const { trajectories, summary } = await parseBytes(bytes);
      expect(summary).toMatchObject({ adapter: 'openai-chat', records: 2, mapped: 2 });
      expect(summary.members?.map(({ member }) => member)).toEqual(['a.jsonl', 'b.jsonl.gz']);
      expect(trajectories.map(talk)).toEqual([
        ['user one', 'assistant one!'],
        ['user two', 'assistant two!'],
      ]);
      expect(trajectories[0]!.source).toMatchObject({ compression });
    }
  });

  it('takes long names from where they stand, and a path that climbs as a name like any other', async () => {
    const long = `${'deep/'.repeat(40)}a.jsonl`;
    const pax = `${long.length + 10} path=${long}\n`;
    const { summary } = await parseBytes(
      tar(
        packed('L', `${long}\0`, 'L'),
        packed('short', chat('x')),
        packed('p', pax, 'x'),
        packed('short', chat('y')),
        packed('../../etc/x', chat('z')),
      ),
    );
    expect(summary.members?.map(({ member }) => member)).toEqual([long, long, '../../etc/x']);
  });

  it('maps what came out before the archive broke, and refuses an archive inside it', async () => {
    const cut = await parseBytes(archive.subarray(0, 1050));
    expect(cut.summary.quarantined.map(({ reason }) => reason)).toContain('corrupt_archive');
    const nested = await parseBytes(
      tar(packed('a.jsonl', chat('one')), packed('in.tar', tar(packed('b', chat('two'))))),
    );
    expect(nested.summary).toMatchObject({ mapped: 1, quarantined: [{ reason: 'archive_limit' }] });
    const wrong = Buffer.from(archive);
    wrong[1600] = 0xff;
    expect((await parseBytes(wrong)).summary.records).toBeGreaterThan(0);
  });
});

describe.skipIf(!existsSync(SAMPLES))('an Inspect evaluation', () => {
  it('is one source, its samples are the records', async () => {
    const { trajectories, summary, records } = await parseBytes(
      readFileSync(new URL('inspect/log_formats.eval', SAMPLES)),
    );
    expect(summary).toMatchObject({ adapter: 'inspect', records: 1, mapped: 1 });
    expect(summary.members).toBeUndefined();
    expect(trajectories[0]!.source).toMatchObject({ member: 'samples/1_epoch_1.json', compression: 'zip' });
    expect(records[0]).toMatchObject({ member: 'samples/1_epoch_1.json', byteStart: 0 });
  });
});

describe('YAML', () => {
  it('takes each item of a list for a record, with its bytes, whatever the encoding', async () => {
    const yaml =
      '- messages:\n    - role: user\n      content: "Grüße"\n    - {role: assistant, content: "Hallo"}\n- messages:\n    - role: user\n      content: |\n        two\n        lines\n';
    for (const bytes of [Buffer.from(yaml), Buffer.from(`\ufeff${yaml}`, 'utf16le')]) {
      const { trajectories, summary, records } = await parseBytes(bytes);
      expect(summary).toMatchObject({ adapter: 'openai-chat', records: 2, mapped: 2 });
      expect(trajectories.map(talk)).toEqual([['user Grüße', 'assistant Hallo'], ['user two\nlines\n']]);
      expect(trajectories[0]!.events[0]!.raw.pointer).toBeUndefined();
      expect(records.map(({ byteStart, byteEnd }) => byteEnd > byteStart)).toEqual([true, true]);
    }
  });

  it('gives up on what grows by aliases or goes too deep, and says so', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghijk'.split('').map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghij'[at]}`).join()}]`),
    ].join('\n');
    const started = performance.now();
    const { summary } = await parseBytes(`---\n${bomb}\n`);
    expect(summary.quarantined.map(({ reason }) => reason)).toEqual(['too_deep']);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('leaves text that only looks like it alone', async () => {
    for (const text of ['User: hello\nAssistant: hi\n', 'Note:\nSome prose follows here.\n']) {
      const { summary } = await parseBytes(text);
      expect(summary.quarantined.map(({ reason }) => reason)).not.toContain('bad_yaml');
    }
  });
});

describe('every container', () => {
  it('accounts for its records wherever it is cut', async () => {
    const sources = [
      'question,answer\r\n"a ""b""\nc",d\r\ne,f\r\n',
      'interactions:\n- request: {method: POST, uri: https://a.example/v1/messages, body: "{}"}\n  response: {status: {code: 500}, body: {string: "x"}}\n',
      JSON.stringify({
        log: {
          entries: [
            {
              request: { method: 'POST', url: 'https://a.example/v1/messages' },
              response: { status: 500, content: { text: 'x' } },
            },
          ],
        },
      }),
      '# aider chat started at 2026-03-01 09:00:00\n\n#### hi\n\nHello\n',
      '[12:31] <a> x\n=== y\n[12:32] <b> z\n',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sources), fc.nat(), fc.boolean(), async (source, cut, isWide) => {
        const bytes = Buffer.from(source, isWide ? 'utf16le' : 'utf8').subarray(0, cut % (2 * source.length));
        const { summary, broken } = await parseBytes(bytes, { chunkBytes: 1 + (cut % 97) });
        expect(broken).toEqual([]);
        expect(summary.mapped + summary.duplicates + summary.quarantined.length).toBe(summary.records);
      }),
      { numRuns: Number(process.env.ASSAY_FUZZ_RUNS ?? 80) },
    );
  });
});
