import type pg from 'pg';
import { sha256 } from '#lib/core/trajectory/hash.ts';
import { copyInto } from './copy.ts';
import { db } from './db.ts';
import { bindingOf, seal } from './envelope.ts';
import { type DataKey, newDataKeys } from './vault.ts';

export type ImportPlace = {
  projectId: string;
  projectSlug: string;
  sourceId: string;
  importId: string;
  rawExpiresAt: Date;
};

export type RawRecord = {
  member: string;
  recordNo: number;
  byteStart: number;
  byteEnd: number;
  sha256: string;
  bytes: Uint8Array;
};
/** Comes after its raw record, in the same batch or a later one. */
export type RefusedRecord = Omit<RawRecord, 'bytes'> & {
  reason: string;
  excerpt: string;
  message: string | null;
  /** For drawing up a mapping; null past the first of an import. */
  sample: string | null;
};
export type ReadTrajectory = {
  id: string;
  ordinal: number;
  contentSha: string;
  json: string;
  adapter: string;
  rootId: string;
  parentId: string | null;
  eventCount: number;
  models: readonly string[];
  flags: readonly string[];
  startedAt: Date | null;
  endedAt: Date | null;
  externalKey: string | null;
  taskKey: string | null;
  sessionKey: string | null;
  branchOf: string | null;
  branchSelected: boolean;
  branchRank: number | null;
  reward: number | null;
  member: string;
  recordNos: readonly number[];
  recordFrom: number;
  recordTo: number;
};
export type ReadBatch = { records: RawRecord[]; refused: RefusedRecord[]; trajectories: ReadTrajectory[] };

export const findImport = (id: string) => db().import.findUnique({ where: { id } });

export async function placeOfImport(importId: string): Promise<ImportPlace> {
  const row = await db().import.findUniqueOrThrow({ where: { id: importId } });
  const [project, source] = await Promise.all([
    db().project.findUniqueOrThrow({ where: { id: row.projectId } }),
    db().source.findUniqueOrThrow({ where: { id: row.sourceId } }),
  ]);
  return {
    projectId: row.projectId,
    projectSlug: project.slug,
    sourceId: row.sourceId,
    importId,
    rawExpiresAt: new Date(row.createdAt.getTime() + source.retentionRawDays * 86_400_000),
  };
}

/**
 * Seals a batch into the vault and counts it, inside the chunk's fence. Records whose trajectory the project has already
 * count as duplicates when the import closes.
 */
export async function saveReadBatch(client: pg.PoolClient, place: ImportPlace, batch: ReadBatch): Promise<void> {
  const raw = batch.records;
  const keys = await newDataKeys(place.projectId, place.sourceId, Math.max(1, raw.length + batch.trajectories.length));
  await copyInto(
    client,
    'record',
    ['import_id', 'member', 'record_no', 'byte_start', 'byte_end', 'sha256', 'fate'],
    raw.map((record) => [
      place.importId,
      record.member,
      record.recordNo,
      record.byteStart,
      record.byteEnd,
      record.sha256,
      'read',
    ]),
  );
  const kept = await keepNewTrajectories(client, place, batch.trajectories);
  await sealIntoVault(client, place, keys, raw, kept);
  await saveRefused(client, place, batch.refused);
  const mapped = await markMapped(client, place, kept);
  await client.query(
    `UPDATE import SET records = records + $2, quarantined = quarantined + $3, mapped = mapped + $4, trajectories = trajectories + $5, state = 'running'
      WHERE id = $1`,
    [place.importId, raw.length, batch.refused.length, mapped, kept.length],
  );
}

/** Raw records and trajectories, each under a key of its own. @param keys at least as many as there are of both */
async function sealIntoVault(
  client: pg.PoolClient,
  place: ImportPlace,
  keys: readonly DataKey[],
  raw: readonly RawRecord[],
  kept: readonly ReadTrajectory[],
): Promise<void> {
  await copyInto(
    client,
    'vault.dek',
    ['id', 'project_id', 'source_id', 'wrapped', 'kek_version'],
    keys
      .slice(0, raw.length + kept.length)
      .map((key) => [key.id, place.projectId, place.sourceId, key.wrapped, key.kekVersion]),
  );
  await copyInto(
    client,
    'vault.record',
    ['import_id', 'member', 'record_no', 'project_id', 'source_id', 'dek_id', 'nonce', 'ciphertext', 'expires_at'],
    raw.map((record, n) => {
      const key = keys[n]!;
      const sealed = seal(
        key.key,
        record.bytes,
        bindingOf(`${place.importId}:${record.member}:${record.recordNo}`, place.sourceId),
      );
      return [
        place.importId,
        record.member,
        record.recordNo,
        place.projectId,
        place.sourceId,
        key.id,
        sealed.nonce,
        sealed.ciphertext,
        place.rawExpiresAt,
      ];
    }),
  );
  await copyInto(
    client,
    'vault.trajectory',
    [
      'project_id',
      'id',
      'content_sha',
      'import_id',
      'source_id',
      'ordinal',
      'dek_id',
      'nonce',
      'ciphertext',
      'expires_at',
    ],
    kept.map((trajectory, n) => {
      const key = keys[raw.length + n]!;
      const sealed = seal(key.key, Buffer.from(trajectory.json), bindingOf(trajectory.id, place.sourceId));
      return [
        place.projectId,
        trajectory.id,
        trajectory.contentSha,
        place.importId,
        place.sourceId,
        trajectory.ordinal,
        key.id,
        sealed.nonce,
        sealed.ciphertext,
        place.rawExpiresAt,
      ];
    }),
  );
}

async function saveRefused(
  client: pg.PoolClient,
  place: ImportPlace,
  refused: readonly RefusedRecord[],
): Promise<void> {
  await copyInto(
    client,
    'quarantine',
    [
      'import_id',
      'member',
      'record_no',
      'project_id',
      'reason',
      'byte_start',
      'byte_end',
      'sha256',
      'excerpt',
      'message',
      'sample',
    ],
    refused.map((record) => [
      place.importId,
      record.member,
      record.recordNo,
      place.projectId,
      record.reason,
      record.byteStart,
      record.byteEnd,
      record.sha256,
      record.excerpt,
      record.message,
      record.sample,
    ]),
  );
  if (refused.length === 0) return;
  await client.query(
    `UPDATE record r SET fate = 'quarantined' FROM unnest($2::text[], $3::int[]) AS w(member, no)
      WHERE r.import_id = $1 AND r.member = w.member AND r.record_no = w.no`,
    [place.importId, refused.map(({ member }) => member), refused.map(({ recordNo }) => recordNo)],
  );
}

/** Records that an event was made of. @returns how many */
async function markMapped(client: pg.PoolClient, place: ImportPlace, kept: readonly ReadTrajectory[]): Promise<number> {
  let mapped = 0;
  for (const [member, of] of Map.groupBy(kept, (trajectory) => trajectory.member)) {
    const numbers = [...new Set(of.flatMap(({ recordNos }) => recordNos))];
    const marked = await client.query(
      `UPDATE record SET fate = 'mapped' WHERE import_id = $1 AND member = $2 AND record_no = ANY($3) AND fate = 'read'`,
      [place.importId, member, numbers],
    );
    mapped += marked.rowCount ?? 0;
  }
  return mapped;
}

/** A quarantined record, as it stands in its import. */
export type QuarantinedRef = { member: string; recordNo: number; byteStart: number; byteEnd: number; sha256: string };
export type RereadBatch = {
  /** Read without a refusal this time. */
  read: QuarantinedRef[];
  refused: { ref: QuarantinedRef; reason: string; message: string | null }[];
  trajectories: ReadTrajectory[];
};

/** Like `saveReadBatch` for records that are there already: nothing is counted until the retry settles. */
export async function saveRereadBatch(client: pg.PoolClient, place: ImportPlace, batch: RereadBatch): Promise<void> {
  for (const [member, refs] of Map.groupBy(batch.read, (ref) => ref.member))
    await client.query(
      `UPDATE record SET fate = 'read' WHERE import_id = $1 AND member = $2 AND record_no = ANY($3) AND fate = 'quarantined'`,
      [place.importId, member, refs.map(({ recordNo }) => recordNo)],
    );
  for (const { ref, reason, message } of batch.refused) {
    const key = [place.importId, ref.member, ref.recordNo];
    await client.query(
      'UPDATE quarantine SET reason = $4, message = $5 WHERE import_id = $1 AND member = $2 AND record_no = $3',
      [...key, reason, message],
    );
    await client.query(
      `UPDATE record SET fate = 'quarantined' WHERE import_id = $1 AND member = $2 AND record_no = $3 AND fate = 'read'`,
      key,
    );
  }
  if (batch.trajectories.length === 0) return;
  const keys = await newDataKeys(place.projectId, place.sourceId, batch.trajectories.length);
  const kept = await keepNewTrajectories(client, place, batch.trajectories);
  await sealIntoVault(client, place, keys, [], kept);
  await markMapped(client, place, kept);
}

/**
 * Which trajectories of a batch are new to the project. The same content again is a duplicate; a session that grew takes
 * the place of its earlier state; other content under a known id (spans and logs of one trace in two files) is kept
 * beside it under an id of its own, so that nothing is lost.
 */
async function keepNewTrajectories(
  client: pg.PoolClient,
  place: ImportPlace,
  trajectories: readonly ReadTrajectory[],
): Promise<ReadTrajectory[]> {
  const kept: ReadTrajectory[] = [];
  const found = await client.query<{ id: string }>('SELECT id FROM trajectory WHERE project_id = $1 AND id = ANY($2)', [
    place.projectId,
    trajectories.map(({ id }) => id),
  ]);
  const known = new Set(found.rows.map(({ id }) => id));
  // Nothing to compare with: written together, but before the next one that is looked up.
  let fresh: ReadTrajectory[] = [];
  const writeFresh = async () => {
    await writeTrajectories(client, place, fresh);
    fresh = [];
  };
  for (const trajectory of trajectories) {
    if (!known.has(trajectory.id)) {
      known.add(trajectory.id);
      fresh.push(trajectory);
      kept.push(trajectory);
      continue;
    }
    await writeFresh();
    const verdict = await compareWithKnown(client, place, trajectory);
    if (verdict === 'known') continue;
    const own = verdict === 'other' ? underOwnId(trajectory) : trajectory;
    if (verdict === 'other' && (await compareWithKnown(client, place, own)) !== 'new') continue;
    await writeTrajectories(client, place, [own]);
    known.add(own.id);
    kept.push(own);
  }
  await writeFresh();
  return kept;
}

type Verdict = 'new' | 'known' | 'grown' | 'other';

async function compareWithKnown(
  client: pg.PoolClient,
  place: ImportPlace,
  trajectory: ReadTrajectory,
): Promise<Verdict> {
  const { rows } = await client.query<{ content_sha: string; has_all_old: boolean; has_all_new: boolean }>(
    `SELECT t.content_sha,
            NOT EXISTS (SELECT 1 FROM record o WHERE o.import_id = t.import_id AND o.member = t.member
              AND o.record_no BETWEEN t.record_from AND t.record_to AND o.fate = 'mapped'
              AND NOT EXISTS (SELECT 1 FROM record n WHERE n.import_id = $3 AND n.sha256 = o.sha256
                AND (t.import_id <> $3 OR n.member = $4 AND n.record_no = ANY($5)))) AS has_all_old,
            NOT EXISTS (SELECT 1 FROM record n WHERE n.import_id = $3 AND n.member = $4 AND n.record_no = ANY($5)
              AND NOT EXISTS (SELECT 1 FROM record o WHERE o.import_id = t.import_id AND o.sha256 = n.sha256
                AND (t.import_id <> $3 OR o.fate = 'mapped') AND o.fate <> 'quarantined')) AS has_all_new
       FROM trajectory t WHERE t.project_id = $1 AND t.id = $2 FOR UPDATE`,
    [place.projectId, trajectory.id, place.importId, trajectory.member, trajectory.recordNos],
  );
  const known = rows[0];
  if (!known) return 'new';
  if (known.content_sha === trajectory.contentSha || known.has_all_new) return 'known';
  return known.has_all_old ? 'grown' : 'other';
}

/** The same trajectory under an id that names its content too. Ids are long and random, so none is hit by chance. */
function underOwnId(trajectory: ReadTrajectory): ReadTrajectory {
  const id = `t_${sha256(`${trajectory.id}\n${trajectory.contentSha}`).slice(0, 24)}`;
  return {
    ...trajectory,
    id,
    rootId: trajectory.rootId === trajectory.id ? id : trajectory.rootId,
    json: trajectory.json.replaceAll(trajectory.id, id),
  };
}

/** Each id once: one statement cannot write a row twice. */
async function writeTrajectories(
  client: pg.PoolClient,
  place: ImportPlace,
  trajectories: readonly ReadTrajectory[],
): Promise<void> {
  if (trajectories.length === 0) return;
  await client.query(
    `INSERT INTO trajectory (project_id, id, import_id, source_id, ordinal, adapter, root_id, parent_id, event_count, models, flags,
       started_at, ended_at, content_sha, external_key, task_key, session_key, branch_of, branch_selected, branch_rank, reward, record_from, record_to, member)
     SELECT $1, t.id, $2, $3, t.ordinal, t.adapter, t."rootId", t."parentId", t."eventCount", t.models, t.flags,
       t."startedAt", t."endedAt", t."contentSha", t."externalKey", t."taskKey", t."sessionKey", t."branchOf", t."branchSelected",
       t."branchRank"::int, t.reward, t."recordFrom", t."recordTo", t.member
       FROM json_to_recordset($4::json) AS t(id text, ordinal bigint, adapter text, "rootId" text, "parentId" text, "eventCount" int,
         models text[], flags text[], "startedAt" timestamptz, "endedAt" timestamptz, "contentSha" text, "externalKey" text, "taskKey" text,
         "sessionKey" text, "branchOf" text, "branchSelected" boolean, "branchRank" double precision, reward double precision,
         "recordFrom" int, "recordTo" int, member text)
     ON CONFLICT (project_id, id) DO UPDATE SET import_id = excluded.import_id, source_id = excluded.source_id, ordinal = excluded.ordinal,
       event_count = excluded.event_count, models = excluded.models, flags = excluded.flags, started_at = excluded.started_at,
       ended_at = excluded.ended_at, session_key = excluded.session_key, content_sha = excluded.content_sha, reward = excluded.reward, branch_selected = excluded.branch_selected,
       branch_rank = excluded.branch_rank, record_from = excluded.record_from, record_to = excluded.record_to,
       member = excluded.member, redacted_at = NULL`,
    [
      place.projectId,
      place.importId,
      place.sourceId,
      JSON.stringify(trajectories.map(({ json: _, recordNos: __, ...row }) => row)),
    ],
  );
}

export type TrajectoryToRedact = {
  id: string;
  contentSha: string;
  ordinal: bigint;
  rootId: string;
  eventCount: number;
  externalKey: string | null;
};

/** Trajectories of an import from an ordinal on, in order. */
export const trajectoriesOfImport = (
  importId: string,
  from: bigint,
  to: bigint,
  limit: number,
): Promise<TrajectoryToRedact[]> =>
  db().trajectory.findMany({
    where: { importId, ordinal: { gte: from, lt: to } },
    orderBy: { ordinal: 'asc' },
    take: limit,
    select: { id: true, contentSha: true, ordinal: true, rootId: true, eventCount: true, externalKey: true },
  });

export const trajectoriesById = (projectId: string, ids: readonly string[]): Promise<TrajectoryToRedact[]> =>
  db().trajectory.findMany({
    where: { projectId, id: { in: [...ids] } },
    orderBy: { id: 'asc' },
    select: { id: true, contentSha: true, ordinal: true, rootId: true, eventCount: true, externalKey: true },
  });

/** What was read and gave no event of its own was there already. */
export async function closeCounts(client: pg.PoolClient, importId: string): Promise<void> {
  await client.query(`UPDATE record SET fate = 'duplicate' WHERE import_id = $1 AND fate = 'read'`, [importId]);
  await client.query(
    `UPDATE import SET state = 'done', finished_at = now(),
       records = c.records, mapped = c.mapped, duplicates = c.duplicates, quarantined = c.quarantined,
       trajectories = (SELECT count(*) FROM trajectory t WHERE t.import_id = $1),
       units = (SELECT count(*) FROM unit u WHERE u.import_id = $1 AND u.withdrawn_at IS NULL),
       events = (SELECT count(*) FROM event e JOIN unit u ON u.project_id = e.project_id AND u.id = e.unit_id WHERE u.import_id = $1),
       adapter = (SELECT CASE WHEN count(DISTINCT adapter) > 1 THEN 'mixed' ELSE max(adapter) END FROM trajectory t WHERE t.import_id = $1)
     FROM (SELECT count(*)::int AS records, count(*) FILTER (WHERE fate = 'mapped')::int AS mapped,
                  count(*) FILTER (WHERE fate = 'duplicate')::int AS duplicates, count(*) FILTER (WHERE fate = 'quarantined')::int AS quarantined
             FROM record WHERE import_id = $1) c
     WHERE id = $1`,
    [importId],
  );
}
