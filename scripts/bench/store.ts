/** import to the store, and claim to next item: on an embedded Postgres of their own, with a vault in this process. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { Actor } from '#lib/core/policy/actor.ts';
import { closeDb, inTransaction, pool } from '#lib/store/db.ts';
import { adminUrl, ensureOwnedDatabase } from '#lib/store/embedded-database.ts';
import { startEmbeddedPostgres } from '#lib/store/embedded-postgres.ts';
import { placeOfImport } from '#lib/store/imports.ts';
import { prepareDatabase } from '#lib/store/prepare-database.ts';
import { closeQueue } from '#lib/store/queue.ts';
import { takeChunk } from '#lib/store/runs.ts';
import { actorOfSession, startSession } from '#lib/store/session.ts';
import { saveUnits, sealValues } from '#lib/store/units.ts';
import { compareUnits } from '#lib/usecases/clusters/compare-units.ts';
import { closeImport } from '#lib/usecases/imports/close-import.ts';
import { onImport } from '#lib/usecases/imports/on-import.ts';
import { readImport } from '#lib/usecases/imports/read-import.ts';
import { completeImport, receiveBytes, startImport } from '#lib/usecases/imports/receive-logs.ts';
import { governanceOf, redactChunk, toSave } from '#lib/usecases/imports/redact-chunk.ts';
import { redactionConfigOf } from '#lib/usecases/imports/redaction-config.ts';
import { claimItems } from '#lib/usecases/queues/claim.ts';
import { recordDecision } from '#lib/usecases/queues/record-decision.ts';
import { inventedLog } from '#lib/usecases/testing/invented-logs.ts';
import { makeVault } from '#lib/vault/serve.ts';
import { type Figure, fastest, quantile } from './measure.ts';
import { parsed } from './pure.ts';

export type Store = {
  owner: pg.Client;
  projectId: string;
  newPerson(role: string): Promise<Actor>;
  close(): Promise<void>;
};
const secret = () => randomBytes(24).toString('base64url');

export async function openStore(): Promise<Store> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-bench-'));
  fs.chmodSync(folder, 0o711);
  const password = secret();
  const server = await startEmbeddedPostgres({ home: path.join(folder, 'db'), adminPassword: password });
  const ownerUrl = await ensureOwnedDatabase(adminUrl(server.port, password), 'assay_bench', secret());
  const { urls } = await prepareDatabase(ownerUrl, { web: secret(), worker: secret(), vault: secret() });
  const tokens = { web: secret(), worker: secret() };
  const key = (name: string) => createHash('sha256').update(name).digest();
  const keys = { kek: key('kek'), index: key('index'), split: key('split'), pseudonym: key('pseudonym') };
  const vault = makeVault({ databaseUrl: urls.vault, keys, tokens });
  const socket = path.join(folder, 'vault.sock');
  await new Promise<void>((resolve) => vault.server.listen(socket, resolve));
  Object.assign(process.env, {
    ASSAY_DB_WORKER_URL: urls.worker,
    ASSAY_VAULT_SOCKET: socket,
    ASSAY_VAULT_TOKEN: tokens.worker,
    ASSAY_DATA: folder,
  });
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const one = async (sql: string, values: unknown[]) =>
    (await owner.query<{ id: string }>(`${sql} returning id`, values)).rows[0]!.id;
  const projectId = await one('insert into project (slug, name) values ($1, $1)', ['bench']);
  return {
    owner,
    projectId,
    async newPerson(role) {
      const id = await one('insert into person (email, name, password_hash) values ($1, $2, $2)', [randomUUID(), role]);
      await owner.query('insert into membership (project_id, person_id, role) values ($1, $2, $3)', [
        projectId,
        id,
        role,
      ]);
      return (await actorOfSession(await inTransaction((tx) => startSession(tx, id, {}))))!;
    },
    async close() {
      await closeQueue();
      await closeDb();
      await owner.end();
      await vault.close();
      await server.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function benchImport(): Promise<Figure[]> {
  const store = await openStore();
  try {
    const operator = await store.newPerson('operator');
    const { rows } = await store.owner.query<{ id: string }>(
      `insert into source (project_id, name, controller, legal_basis, purposes, region, recipients_allowed, retention_raw_days,
         retention_redacted_days, categories, mask_paths, keep_paths, created_by)
       values ($1, 'bench', 'bench', 'contract', '{model-training}', 'EU', '{}', 30, 365, '{}', '{}', '{}', $2) returning id`,
      [store.projectId, operator.personId],
    );
    const { bytes } = inventedLog('import', 600);
    const spent: Record<string, number> = {};
    const startedMs = performance.now();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { id } = await startImport(operator, {
      sourceId: rows[0]!.id,
      filename: 'bench.jsonl',
      size: bytes.byteLength,
      sha256,
    });
    await receiveBytes(
      operator,
      id,
      0,
      (async function* () {
        yield bytes;
      })(),
    );
    await completeImport(operator, id);
    const { signal } = new AbortController();
    for (let chunk = await takeChunk('bench-1-1'); chunk; chunk = await takeChunk('bench-1-1')) {
      const atMs = performance.now();
      if (chunk.stage === 'read') await readImport(chunk, signal);
      else if (chunk.stage === 'redact') await redactChunk(chunk, signal);
      else if (chunk.stage === 'close') await closeImport(chunk);
      else await compareUnits(chunk, signal);
      spent[chunk.stage] = (spent[chunk.stage] ?? 0) + performance.now() - atMs;
    }
    const ms = performance.now() - startedMs;
    const saving = await savingAlone(id, bytes);
    return [
      saving,
      {
        name: 'import to the store',
        value: bytes.byteLength / 1000 / ms,
        unit: 'MB/s',
        note: 'upload to closed import, vault sealed, one worker',
      },
      { name: 'import to the store', value: 600 / (ms / 1000), unit: 'records/s' },
      ...Object.entries(spent).map(([stage, share]) => ({
        name: `import: stage ${stage}`,
        value: share / ms,
        unit: 'of the time',
      })),
    ];
  } finally {
    await store.close();
  }
}

/** What the last step of an import costs by itself: units that were redacted before, sealed and saved in batches, committed. */
async function savingAlone(importId: string, bytes: Buffer): Promise<Figure> {
  const [place, governance] = await Promise.all([placeOfImport(importId), governanceOf(importId)]);
  const { configFor, dictVersion } = await redactionConfigOf(place.projectId, place.projectSlug, place.sourceId);
  const cut = (await parsed(bytes)).slice(0, 300).map((trajectory) => {
    const curated = onImport(trajectory, trajectory.id, configFor(trajectory.id));
    return { trajectoryId: trajectory.id, personKey: null, units: curated.units.map(toSave) };
  });
  const events = cut.flatMap(({ units }) => units).reduce((sum, { unit }) => sum + unit.events.length, 0);
  const client = await pool().connect();
  try {
    const ms = await fastest(3, async () => {
      for (let at = 0; at < cut.length; at += 100) {
        const batch = cut.slice(at, at + 100);
        const values = batch.flatMap(({ units }) => units.flatMap((unit) => unit.values));
        await client.query('BEGIN');
        await sealValues(client, place.projectId, place.sourceId, values);
        await saveUnits(client, governance, batch, dictVersion);
        await client.query('COMMIT');
      }
    });
    const note = `${events} events in ${cut.length} conversations, put in place of what was there`;
    return { name: 'saving alone', value: events / (ms / 1000), unit: 'events/s', note };
  } finally {
    client.release();
  }
}

const PEOPLE = 20;
const UNITS = 400;

/** Twenty people, each deciding one item and claiming the next, as fast as they can. */
export async function benchClaim(): Promise<Figure[]> {
  const store = await openStore();
  try {
    const crowd = await Promise.all(Array.from({ length: PEOPLE }, () => store.newPerson('reviewer')));
    const queue = await store.owner.query<{ id: string }>(
      `insert into queue (project_id, kind, name, seed, created_by) values ($1, 'audit', 'bench', 'bench', $2) returning id`,
      [store.projectId, crowd[0]!.personId],
    );
    const queueId = queue.rows[0]!.id;
    await store.owner.query(
      `insert into task (project_id, queue_id, subject_id, subject_hash, position) select $1, $2, 'unit-' || n, $3, n from generate_series(1, $4) n`,
      [store.projectId, queueId, 'a'.repeat(64), UNITS],
    );
    const each: number[] = [];
    const startedMs = performance.now();
    await Promise.all(
      crowd.map(async (actor) => {
        for (;;) {
          const atMs = performance.now();
          const item = (await claimItems(actor, queueId, { want: 1, have: [] })).items[0];
          if (!item) return;
          await recordDecision(
            actor,
            {
              taskId: item.id,
              idempotencyKey: randomUUID(),
              claimToken: item.claimToken,
              unitHash: item.subjectHash,
              payload: { kind: 'audit', verdict: 'clean', leaks: [], wrongMasks: [] },
              activeMs: 4000,
            },
            {},
          );
          each.push(performance.now() - atMs);
        }
      }),
    );
    const ms = performance.now() - startedMs;
    return [
      {
        name: 'claim and decide',
        value: each.length / (ms / 1000),
        unit: 'items/s',
        note: `${PEOPLE} people at once without a pause`,
      },
      { name: 'claim and decide', value: quantile(each, 0.5), unit: 'ms an item, median' },
      { name: 'claim and decide', value: quantile(each, 0.95), unit: 'ms an item, 95 %' },
    ];
  } finally {
    await store.close();
  }
}
