import { describe, expect, it } from 'vitest';
import type { Mapping } from '#lib/core/ingest/mapping/mapping.ts';
import { type Chunk, FenceLost, takeChunk } from '#lib/store/runs.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { changeRun } from '../jobs/show-runs.ts';
import { sweepDatabase } from '../testing/sweep.ts';
import { upload, withWorkshop, workUntilIdle } from '../testing/workshop.ts';
import { saveMapping, showMappingGround, showMappings, tryMapping } from './mappings.ts';
import { rereadQuarantined } from './reread-quarantined.ts';
import { retryQuarantined } from './retry-quarantine.ts';
import { showImport, showQuarantine } from './show-imports.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);

const PLANTED = 'jette.okkenhaug@brightwater.example';
/** A talk as no adapter knows it. */
const talk = (n: number, who = 'bediener') => ({
  fall: { nr: `F-${n}` },
  verlauf: [
    { wer: 'kundschaft', satz: `Bestellung ${n} von ${PLANTED} fehlt.`, laune: 'verärgert' },
    { wer: who, satz: `Ich sehe nach, Fall ${n}.` },
  ],
});
const known = (n: number) => ({
  id: `k-${n}`,
  messages: [
    { role: 'user', content: `How long is rope ${n}?` },
    { role: 'assistant', content: 'Forty metres.' },
  ],
});
const file = (...rows: unknown[]) =>
  Buffer.from(rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''));
const MAPPING: Mapping = {
  kind: 'json',
  fields: [
    { at: '/fall/nr', is: 'conversation' },
    { at: '/verlauf', is: 'turns' },
    { at: '/verlauf/*/wer', is: 'role' },
    { at: '/verlauf/*/satz', is: 'text' },
  ],
  speakers: [
    { word: 'kundschaft', is: 'user' },
    { word: 'bediener', is: 'assistant' },
  ],
};
const save = async (mapping: Mapping = MAPPING, name = 'desk log') =>
  (await saveMapping(shop.as.curator, { name, mapping })).id;
async function bring(name: string, bytes: Buffer, more: { mappingId?: string } = {}): Promise<string> {
  const { startImport, receiveBytes, completeImport } = await import('./receive-logs.ts');
  if (!more.mappingId) {
    const id = await upload(shop.as.operator, shop.sourceId, bytes, { filename: `${name}.jsonl` });
    await workUntilIdle();
    return id;
  }
  const { sha256Of, inPieces } = await import('../testing/workshop.ts');
  const { id } = await startImport(shop.as.operator, {
    sourceId: shop.sourceId,
    filename: name,
    size: bytes.length,
    sha256: sha256Of(bytes),
    ...more,
  });
  await receiveBytes(shop.as.operator, id, 0, inPieces(bytes));
  await completeImport(shop.as.operator, id);
  await workUntilIdle();
  return id;
}
const countsOf = async (importId: string) => (await showImport(shop.as.operator, importId)).counts;
const fatesOf = async (importId: string) => {
  const rows = await database.query<{ fate: string; n: number }>(
    'select fate, count(*)::int as n from record where import_id = $1 group by fate',
    [importId],
  );
  return Object.fromEntries(rows.map(({ fate, n }) => [fate, n]));
};
async function holds(importId: string) {
  const counts = await countsOf(importId);
  expect(counts.records).toBe(counts.mapped + counts.duplicates + counts.quarantined);
  const fates = await fatesOf(importId);
  expect(counts).toMatchObject({
    mapped: fates.mapped ?? 0,
    duplicates: fates.duplicate ?? 0,
    quarantined: fates.quarantined ?? 0,
  });
  const [{ n } = { n: -1 }] = await database.query<{ n: number }>(
    'select count(*)::int as n from quarantine where import_id = $1',
    [importId],
  );
  expect(n).toBe(counts.quarantined);
  return counts;
}
/** Every event names the bytes it was made of, by place in the file that came in. */
async function rawHolds(importId: string, bytes: Buffer) {
  const { openTrajectories } = await import('#lib/store/vault.ts');
  const { createHash } = await import('node:crypto');
  const rows = await database.query<{ id: string; contentSha: string }>(
    'select id, content_sha as "contentSha" from trajectory where import_id = $1',
    [importId],
  );
  let events = 0;
  for (const { json } of await openTrajectories(shop.projectId, rows))
    for (const { raw } of JSON.parse(json).events as {
      raw: { byteStart: number; byteEnd: number; sha256: string };
    }[]) {
      events++;
      expect(createHash('sha256').update(bytes.subarray(raw.byteStart, raw.byteEnd)).digest('hex')).toBe(raw.sha256);
    }
  return events;
}

describe('records that no adapter knows', () => {
  it('are mapped on masked samples of the first hundred, with every field and nothing raw', async () => {
    await bring('ground', file(...Array.from({ length: 103 }, (_, n) => talk(n))));
    const ground = await showMappingGround(shop.as.operator, { reason: 'unknown_format' });
    expect(ground).toMatchObject({ kind: 'json', records: 100 });
    expect(ground.fields.map(({ at }) => at)).toEqual([
      '/fall/nr',
      '/verlauf',
      '/verlauf/*/wer',
      '/verlauf/*/satz',
      '/verlauf/*/laune',
    ]);
    expect(ground.fields.find(({ at }) => at === '/verlauf/*/wer')).toMatchObject({
      words: ['bediener', 'kundschaft'],
    });
    const preview = await tryMapping(shop.as.operator, { mapping: MAPPING, of: { reason: 'unknown_format' } });
    expect(preview).toMatchObject({
      records: 100,
      understood: 100,
      dropped: [{ at: '/verlauf/*/laune', records: 100 }],
    });
    expect(preview.turns[0]).toMatchObject({ kind: 'user', text: expect.stringMatching(/\[EMAIL_1\] fehlt/) });
    expect(JSON.stringify([ground, preview])).not.toContain('okkenhaug');
    expect(await sweepDatabase(database, [PLANTED])).toEqual([]);
  });

  it('come in by reason once a mapping is saved, and the account adds up', async () => {
    const mappingId = await save();
    const bytes = file(known(1), talk(200), 'no json {', talk(201), known(2), talk(202, 'automat'), { other: 'thing' });
    const importId = await bring('mixed', bytes);
    expect(await holds(importId)).toEqual({ records: 7, mapped: 2, duplicates: 0, quarantined: 5 });
    const started = await retryQuarantined(shop.as.operator, { reason: 'unknown_format', importId, mappingId });
    expect(started).toMatchObject({ imports: 1, records: 4 });
    await workUntilIdle();
    expect(await holds(importId)).toEqual({ records: 7, mapped: 4, duplicates: 0, quarantined: 3 });
    const { rows } = await showQuarantine(shop.as.operator, { importId });
    expect(rows.map(({ recordNo, reason, message }) => [recordNo, reason, message])).toEqual([
      [3, 'bad_json', expect.any(String)],
      [6, 'schema_mismatch', 'a role that the mapping does not name at /verlauf/1/wer'],
      [7, 'schema_mismatch', 'no list at /verlauf'],
    ]);
    expect(await rawHolds(importId, bytes)).toBeGreaterThan(8);
    const units = await database.query('select 1 from unit where import_id = $1', [importId]);
    expect(units).toHaveLength(4);
  });

  it('come in one by one where they are picked, also pretty-printed ones', async () => {
    const mappingId = await save();
    const bytes = Buffer.from(
      `${JSON.stringify(talk(300), null, 2)}\n${JSON.stringify(talk(301), null, 2)}\n${JSON.stringify(talk(302))}\n`,
    );
    const importId = await bring('pretty', bytes);
    expect(await holds(importId)).toMatchObject({ records: 3, quarantined: 3 });
    await retryQuarantined(shop.as.operator, {
      reason: 'unknown_format',
      importId,
      mappingId,
      records: [{ member: '', recordNo: 2 }],
    });
    await workUntilIdle();
    expect(await holds(importId)).toEqual({ records: 3, mapped: 1, duplicates: 0, quarantined: 2 });
    expect(await rawHolds(importId, bytes)).toBe(3);
    await retryQuarantined(shop.as.operator, { reason: 'unknown_format', importId, mappingId });
    await workUntilIdle();
    expect(await holds(importId)).toEqual({ records: 3, mapped: 3, duplicates: 0, quarantined: 0 });
    expect(await rawHolds(importId, bytes)).toBe(9);
  });

  it('are the same as when the file is read with the mapping from the start', async () => {
    const mappingId = await save();
    const bytes = file(talk(400), talk(401));
    const first = await bring('early', bytes);
    await retryQuarantined(shop.as.operator, { reason: 'unknown_format', importId: first, mappingId });
    await workUntilIdle();
    const ids = async (importId: string) =>
      (
        await database.query<{ id: string }>('select id from trajectory where import_id = $1 order by id', [importId])
      ).map(({ id }) => id);
    const known = await ids(first);
    expect(known).toHaveLength(2);
    const again = await bring('whole', Buffer.concat([bytes, file(talk(402))]), { mappingId });
    expect(await holds(again)).toEqual({ records: 3, mapped: 1, duplicates: 2, quarantined: 0 });
    expect(await ids(first)).toEqual(known);
  });

  it('count as duplicates where the project has the conversations already', async () => {
    const mappingId = await save();
    const first = await bring('once', file(talk(500)));
    const second = await bring('twice', file('{"odd": 1}', talk(500)));
    for (const importId of [first, second])
      await retryQuarantined(shop.as.operator, { reason: 'unknown_format', importId, mappingId });
    await workUntilIdle();
    expect(await holds(first)).toMatchObject({ mapped: 1, quarantined: 0 });
    expect(await holds(second)).toEqual({ records: 2, mapped: 0, duplicates: 1, quarantined: 1 });
  });

  it('may be a whole text with labels of its own', async () => {
    const mapping: Mapping = {
      kind: 'text',
      labels: [
        { label: '[*] Kundschaft>', is: 'user' },
        { label: '[*] Bediener>', is: 'assistant' },
      ],
    };
    const text = `[2026-03-01 09:00] Kundschaft> Wo ist das Paket von ${PLANTED}?\nEs fehlt.\n[2026-03-01 09:01] Bediener> Unterwegs.\n`;
    const importId = await bring('calls', Buffer.from(text));
    expect(await holds(importId)).toEqual({ records: 1, mapped: 0, duplicates: 0, quarantined: 1 });
    const ground = await showMappingGround(shop.as.curator, { importId });
    expect(ground.kind).toBe('text');
    expect(ground.lines[1]).toBe('Es fehlt.');
    await retryQuarantined(shop.as.operator, {
      reason: 'unknown_format',
      importId,
      mappingId: await save(mapping, 'calls'),
    });
    await workUntilIdle();
    expect(await holds(importId)).toEqual({ records: 1, mapped: 1, duplicates: 0, quarantined: 0 });
    expect(await rawHolds(importId, Buffer.from(text))).toBe(2);
  });

  it('in the members of an archive keep their places', async () => {
    const { zipSync, strToU8 } = await import('fflate');
    const member = (...rows: unknown[]) => strToU8(file(...rows).toString());
    const bytes = Buffer.from(
      zipSync({ 'a.jsonl': member(known(700), talk(701)), 'b.jsonl': member(talk(702), talk(703)) }),
    );
    const importId = await bring('zip', bytes);
    expect(await holds(importId)).toMatchObject({ records: 4, mapped: 1, quarantined: 3 });
    await retryQuarantined(shop.as.operator, { reason: 'unknown_format', importId, mappingId: await save() });
    await workUntilIdle();
    expect(await holds(importId)).toMatchObject({ records: 4, mapped: 4, quarantined: 0 });
  });
});

describe('a retry', () => {
  const short = (n: number) => ({ fall: { nr: `S-${n}` }, verlauf: [{ wer: 'bediener', satz: `Ja ${n}.` }] });
  const bytes = file(...Array.from({ length: 230 }, (_, n) => short(1000 + n)));

  it('that is killed between any two batches ends as one that was not', async () => {
    const mappingId = await save();
    const importId = await bring('killed', bytes);
    await retryQuarantined(shop.as.operator, { reason: 'unknown_format', importId, mappingId });
    // The worker stops after a commit; the next one begins where it stood.
    let stops = 0;
    for (let more = true; more; ) {
      const chunk = (await takeChunk('killed-1-x')) as Chunk;
      if (chunk.stage !== 'reread') {
        await database.query(`update chunk set state = 'ready' where run_id = $1 and no = $2`, [chunk.runId, chunk.no]);
        break;
      }
      const killed = new AbortController();
      const progress = async () =>
        Number(
          (
            await database.query<{ progress: string }>('select progress from chunk where run_id = $1 and no = $2', [
              chunk.runId,
              chunk.no,
            ])
          )[0]!.progress,
        );
      const before = await progress();
      const watch = setInterval(async () => {
        if ((await progress()) > before) killed.abort();
      }, 5);
      await rereadQuarantined(chunk, killed.signal).finally(() => clearInterval(watch));
      more = killed.signal.aborted && stops++ < 10;
      await database.query(`update chunk set state = 'ready' where run_id = $1 and no = $2 and state = 'running'`, [
        chunk.runId,
        chunk.no,
      ]);
    }
    await workUntilIdle();
    expect(stops).toBeGreaterThan(0);
    expect(await holds(importId)).toEqual({ records: 230, mapped: 230, duplicates: 0, quarantined: 0 });
    const doubled = await database.query('select content_sha from trajectory group by content_sha having count(*) > 1');
    expect(doubled).toEqual([]);
  });

  it('writes nothing after another worker took over', async () => {
    const importId = await bring('fence', file(talk(2000)));
    await retryQuarantined(shop.as.operator, { reason: 'unknown_format', importId, mappingId: await save() });
    const asleep = (await takeChunk('asleep-1-x'))!;
    await database.query(`update chunk set heartbeat_at = now() - interval '1 hour' where run_id = $1`, [asleep.runId]);
    await takeChunk('other-2-x');
    await expect(rereadQuarantined(asleep, new AbortController().signal)).rejects.toBeInstanceOf(FenceLost);
    expect(await holds(importId)).toMatchObject({ quarantined: 1 });
    await database.query(`update chunk set state = 'ready' where run_id = $1`, [asleep.runId]);
    await workUntilIdle();
    expect(await holds(importId)).toMatchObject({ mapped: 1 });
  });

  it('that is cancelled leaves what was not reached where it was', async () => {
    const importId = await bring('cancel', file(...Array.from({ length: 5 }, (_, n) => talk(3000 + n))));
    const { runIds } = await retryQuarantined(shop.as.operator, {
      reason: 'unknown_format',
      importId,
      mappingId: await save(),
    });
    await changeRun(shop.as.operator, { runId: runIds[0]!, what: 'cancel' });
    expect(await holds(importId)).toMatchObject({ quarantined: 5 });
    await workUntilIdle();
    await retryQuarantined(shop.as.operator, { reason: 'unknown_format', importId, mappingId: await save() });
    await workUntilIdle();
    expect(await holds(importId)).toMatchObject({ mapped: 5, quarantined: 0 });
  });

  it('of an import that is being retried is refused, and so is one of nothing', async () => {
    const importId = await bring('busy', file(talk(4000)));
    const ask = () => retryQuarantined(shop.as.operator, { reason: 'unknown_format', importId });
    await ask();
    await expect(ask()).rejects.toMatchObject({ code: 'not_found' });
    await workUntilIdle();
    await expect(retryQuarantined(shop.as.operator, { reason: 'binary', importId })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await holds(importId)).toMatchObject({ quarantined: 1 });
  });

  it('is not for those whose role may not, nor for another project', async () => {
    const importId = await bring('roles', file(talk(5000)));
    await expect(retryQuarantined(shop.as.reviewer, { reason: 'unknown_format', importId })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(saveMapping(shop.as.reviewer, { name: 'x', mapping: MAPPING })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const abroad = await shop.newPerson('operator', await shop.newProject('abroad'));
    await expect(retryQuarantined(abroad, { reason: 'unknown_format', importId })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await showMappings(abroad)).toEqual([]);
    expect(await showMappingGround(abroad, { importId })).toMatchObject({ kind: 'none' });
  });

  it('redacts again what the detector had refused, and reads nothing anew', async () => {
    const importId = await bring('detector', file(known(600), known(601)));
    const [victim] = await database.query<{ id: string }>(
      'select id from trajectory where import_id = $1 order by ordinal limit 1',
      [importId],
    );
    const [place] = await database.query<{ record_from: number }>('select record_from from trajectory where id = $1', [
      victim!.id,
    ]);
    // As the redacting stage leaves it.
    await database.query('delete from unit where trajectory_id = $1', [victim!.id]);
    await database.query('update trajectory set redacted_at = null where id = $1', [victim!.id]);
    await database.query(`update record set fate = 'quarantined' where import_id = $1 and record_no = $2`, [
      importId,
      place!.record_from,
    ]);
    await database.query(
      `insert into quarantine (import_id, member, record_no, project_id, reason, byte_start, byte_end, sha256, excerpt)
       select import_id, member, record_no, $3, 'detector_failed', byte_start, byte_end, sha256, '' from record where import_id = $1 and record_no = $2`,
      [importId, place!.record_from, shop.projectId],
    );
    await database.query('update import set mapped = 1, quarantined = 1 where id = $1', [importId]);
    await holds(importId);
    await retryQuarantined(shop.as.operator, { reason: 'detector_failed', importId });
    await workUntilIdle();
    expect(await holds(importId)).toEqual({ records: 2, mapped: 2, duplicates: 0, quarantined: 0 });
    expect(
      await database.query('select 1 from unit where trajectory_id = $1 and withdrawn_at is null', [victim!.id]),
    ).toHaveLength(1);
  });
});

describe('a saved mapping', () => {
  it('gets a version a save, and none is ever changed', async () => {
    const first = await saveMapping(shop.as.operator, { name: 'versions', mapping: MAPPING });
    const saved = await Promise.all(
      Array.from({ length: 5 }, () => saveMapping(shop.as.curator, { name: 'versions', mapping: MAPPING })),
    );
    expect(first.version).toBe(1);
    expect(saved.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5, 6]);
    expect(
      (await showMappings(shop.as.lead)).filter(({ name }) => name === 'versions').map(({ version }) => version),
    ).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('that can not be used is refused by what is wrong', async () => {
    const mapping: Mapping = { kind: 'json', fields: [{ at: '/a', is: 'conversation' }], speakers: [] };
    await expect(saveMapping(shop.as.curator, { name: 'x', mapping })).rejects.toMatchObject({
      code: 'invalid',
      details: { fields: ['needs_talk'] },
    });
  });
});
