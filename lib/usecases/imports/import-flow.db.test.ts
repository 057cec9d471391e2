import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { verifyLedger } from '#lib/store/ledger.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { inventedLog } from '../testing/invented-logs.ts';
import { sweepDatabase } from '../testing/sweep.ts';
import { sha256Of, upload, withWorkshop, workUntilIdle } from '../testing/workshop.ts';
import { completeImport, receiveBytes, startImport } from './receive-logs.ts';
import { showImport, showQuarantine } from './show-imports.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);

const countsOf = async (importId: string) => (await showImport(shop.as.operator, importId)).counts;

describe('logs that come in', () => {
  const { bytes, planted } = inventedLog('flow', 30);
  let importId: string;

  it('are all accounted for: records are mapped, duplicate or quarantined', async () => {
    const garbage = Buffer.from('this line is no JSON {\n');
    importId = await upload(shop.as.operator, shop.sourceId, Buffer.concat([bytes, garbage]));
    await workUntilIdle();
    const view = await showImport(shop.as.operator, importId);
    expect(view).toMatchObject({ state: 'done', adapter: 'openai-chat', trajectories: 30 });
    expect(view.counts).toEqual({ records: 31, mapped: 30, duplicates: 0, quarantined: 1 });
    expect(view.units).toBeGreaterThanOrEqual(30);
    const { rows } = await showQuarantine(shop.as.operator, { importId });
    expect(rows).toMatchObject([{ recordNo: 31, reason: 'bad_json', byteStart: bytes.byteLength }]);
  });

  it('leave no planted value anywhere outside the vault, in no table, queue, ledger or file, in no disguise', async () => {
    expect(await sweepDatabase(database, planted.detected)).toEqual([]);
    for (const entry of fs.readdirSync(shop.folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) {
        const content = fs.readFileSync(path.join(entry.parentPath, entry.name), 'latin1');
        for (const value of [...planted.detected, ...planted.unknown]) expect(content.includes(value)).toBe(false);
      }
  });

  it('keep what no rule can know in redacted text and nowhere else', async () => {
    const hits = await sweepDatabase(database, planted.unknown);
    expect(hits.map((hit) => `${hit.table}: ${hit.columns.join(' ')}`).sort()).toEqual([
      'public.event: body',
      'public.unit: search',
    ]);
  });

  it('are the same import when the same bytes come again, under any name', async () => {
    const again = Buffer.concat([bytes, Buffer.from('this line is no JSON {\n')]);
    expect(await upload(shop.as.operator, shop.sourceId, again, { filename: 'other.jsonl' })).toBe(importId);
    expect(await workUntilIdle()).toBe(0);
  });

  it('count as duplicates where another file holds the same conversations', async () => {
    const overlapping = inventedLog('flow', 20, 20);
    const second = await upload(shop.as.operator, shop.sourceId, overlapping.bytes);
    await workUntilIdle();
    expect(await countsOf(second)).toEqual({ records: 20, mapped: 10, duplicates: 10, quarantined: 0 });
    const [{ doubled } = { doubled: -1 }] = await database.query<{ doubled: number }>(
      `select count(*)::int as doubled from (select content_sha from trajectory group by content_sha having count(*) > 1) d`,
    );
    expect(doubled).toBe(0);
  });

  it('are one import when twenty declare the same bytes at once', async () => {
    const file = inventedLog('twenty', 2).bytes;
    const declared = { sourceId: shop.sourceId, filename: 'a.jsonl', size: file.byteLength, sha256: sha256Of(file) };
    const started = await Promise.all(Array.from({ length: 20 }, () => startImport(shop.as.operator, declared)));
    expect(new Set(started.map(({ id }) => id)).size).toBe(1);
    expect(started.filter(({ isNew }) => isNew)).toHaveLength(1);
  });

  it('are queued once when twenty complete the same upload at once', async () => {
    const file = inventedLog('complete', 2).bytes;
    const declared = { sourceId: shop.sourceId, filename: 'a.jsonl', size: file.byteLength, sha256: sha256Of(file) };
    const { id } = await startImport(shop.as.operator, declared);
    await receiveBytes(
      shop.as.operator,
      id,
      0,
      (async function* () {
        yield file;
      })(),
    );
    await Promise.all(Array.from({ length: 20 }, () => completeImport(shop.as.operator, id)));
    const runs = await database.query('select 1 from run where ref_id = $1', [id]);
    expect(runs).toHaveLength(1);
    await workUntilIdle();
    expect((await showImport(shop.as.operator, id)).state).toBe('done');
  });

  it('are written down in a ledger that holds together', async () => {
    expect(await verifyLedger()).toMatchObject({ ok: true });
  });
});

describe('an upload that is not what was declared', () => {
  const declare = (file: Buffer, more: { size?: number; sha256?: string } = {}) =>
    startImport(shop.as.operator, {
      sourceId: shop.sourceId,
      filename: 'declared.jsonl',
      size: more.size ?? file.byteLength,
      sha256: more.sha256 ?? sha256Of(file),
    });
  const send = async (id: string, file: Buffer, offset = 0) =>
    receiveBytes(
      shop.as.operator,
      id,
      offset,
      (async function* () {
        yield file;
      })(),
    );
  const bytesOf = (id: string) => fs.existsSync(path.join(shop.folder, 'incoming', id));

  it.each([
    ['fewer bytes', 'length_mismatch', (file: Buffer) => declare(file, { size: file.byteLength + 1 })],
    ['other bytes', 'hash_mismatch', (file: Buffer) => declare(file, { sha256: 'ab'.repeat(32) })],
  ])('%s: is refused whole and deleted', async (_, code, start) => {
    const file = inventedLog(code, 1).bytes;
    const { id } = await start(file);
    await send(id, file);
    await expect(completeImport(shop.as.operator, id)).rejects.toMatchObject({ code });
    expect(bytesOf(id)).toBe(false);
    expect(await showImport(shop.as.operator, id)).toMatchObject({ state: 'refused', reason: code, units: 0 });
  });

  it('more bytes: is refused at the first byte too many', async () => {
    const file = inventedLog('more', 1).bytes;
    const { id } = await declare(file, { size: file.byteLength - 1 });
    await expect(send(id, file)).rejects.toMatchObject({ code: 'over_declared' });
    expect(bytesOf(id)).toBe(false);
  });

  it('goes on where it stood after a cut, and nowhere else', async () => {
    const file = inventedLog('cut', 3).bytes;
    const { id } = await declare(file);
    await send(id, file.subarray(0, 100));
    await expect(send(id, file, 0)).rejects.toMatchObject({ code: 'offset_mismatch', details: { offset: 100 } });
    await send(id, file.subarray(100), 100);
    await completeImport(shop.as.operator, id);
    await workUntilIdle();
    expect(await countsOf(id)).toEqual({ records: 3, mapped: 3, duplicates: 0, quarantined: 0 });
  });
});

describe('hostile bytes', () => {
  const good = inventedLog('hostile', 1).bytes.toString();
  const message = (content: string) => JSON.stringify({ messages: [{ role: 'user', content }] });
  const deep = `{"messages":[{"role":"user","content":"x"}],"more":${'['.repeat(600)}${']'.repeat(600)}}`;

  it.each<[string, Buffer, string]>([
    ['random bytes', Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 193 + 7) % 256)), 'binary'],
    ['an image', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'binary'],
    ['a record cut in its middle', Buffer.from(good + message('cut off').slice(0, -9)), 'truncated'],
    ['a record nested 600 deep', Buffer.from(`${good}${deep}\n`), 'too_deep'],
    ['a gzip cut short', gzipSync(inventedLog('gz', 50).bytes).subarray(0, 400), 'corrupt_archive'],
    ['text of no known form', Buffer.from('<html><body>hello</body></html>\n'), 'unknown_format'],
  ])('%s: is quarantined with place and reason, and the import ends', async (_, bytes, reason) => {
    const id = await upload(shop.as.operator, shop.sourceId, bytes, { filename: 'hostile.bin' });
    await workUntilIdle();
    const view = await showImport(shop.as.operator, id);
    expect(view.state).toBe('done');
    const { records, mapped, duplicates, quarantined } = view.counts;
    expect(records).toBe(mapped + duplicates + quarantined);
    const { rows } = await showQuarantine(shop.as.operator, { importId: id });
    expect(rows.map((row) => row.reason)).toContain(reason);
    expect(quarantined).toBe(rows.length);
  });

  it('a bomb: is quarantined where it passes two hundred times its size', async () => {
    const bomb = gzipSync(Buffer.alloc(80_000_000, 0x20), { level: 9 });
    const id = await upload(shop.as.operator, shop.sourceId, bomb, { filename: 'bomb.gz' });
    await workUntilIdle();
    expect(await showImport(shop.as.operator, id)).toMatchObject({ state: 'done', units: 0 });
    const { rows } = await showQuarantine(shop.as.operator, { importId: id });
    expect(rows.map((row) => row.reason)).toEqual(['archive_limit']);
    expect(rows[0]!.byteEnd).toBeLessThan(40_000_000);
  });

  it('more bytes unpacked than this installation allows: is quarantined past the limit', async () => {
    process.env.ASSAY_MAX_EXPANDED = '20000';
    try {
      const id = await upload(shop.as.operator, shop.sourceId, gzipSync(inventedLog('expanded', 60).bytes));
      await workUntilIdle();
      const view = await showImport(shop.as.operator, id);
      expect(view.state).toBe('done');
      expect(view.counts.mapped + view.counts.quarantined).toBe(view.counts.records);
      const { rows } = await showQuarantine(shop.as.operator, { importId: id });
      expect(rows.map((row) => row.reason)).toEqual(['archive_limit']);
    } finally {
      delete process.env.ASSAY_MAX_EXPANDED;
    }
  });

  it('NUL and lone surrogates: are kept as text of one unit, not lost and not a crash', async () => {
    const rows = [
      '{"messages":[{"role":"user","content":"nul \\u0000 in it"},{"role":"assistant","content":"ok"}]}',
      '{"messages":[{"role":"user","content":"half \\ud83d of a pair"},{"role":"assistant","content":"ok"}]}',
    ];
    const id = await upload(shop.as.operator, shop.sourceId, Buffer.from(`${rows.join('\n')}\n`));
    await workUntilIdle();
    const view = await showImport(shop.as.operator, id);
    expect(view).toMatchObject({ state: 'done', units: 2 });
    expect(view.counts).toEqual({ records: 2, mapped: 2, duplicates: 0, quarantined: 0 });
  });

  it('an empty file: is an import of nothing', async () => {
    const id = await upload(shop.as.operator, shop.sourceId, Buffer.alloc(0), { filename: 'empty.jsonl' });
    await workUntilIdle();
    expect(await showImport(shop.as.operator, id)).toMatchObject({ state: 'done', units: 0 });
  });
});
