/** Releases: what may go in, what was built of it, who approved, who fetched it. */
import type pg from 'pg';
import type { KeepRule } from '#lib/core/dedup/keep.ts';
import type { FileEntry } from '#lib/core/export/manifest.ts';
import type { ReleaseInfo } from '#lib/core/export/release-info.ts';
import type { RowCounts } from '#lib/core/export/row-counts.ts';
import type { ReleaseState } from '#lib/core/review/lifecycle.ts';
import type { Placement } from '#lib/core/split/assign.ts';
import type { Candidate } from './audits.ts';
import { db, pool, type Tx } from './db.ts';

export type ReleaseFilter = {
  /** Empty lists: everything. */
  kinds: string[];
  levels: string[];
  importIds: string[];
  includes: ('sft' | 'dpo' | 'eval')[];
  /** Which of several near-duplicates leaves; left out: all of them. */
  keep?: KeepRule;
  /** ISO time from which on everything is held out; left out: sides by keyed hash. */
  evalFrom?: string;
};
export type Waiver = { gate: string; reason: string; by: string };
/** What the sheet shows and the seal needs; ids, counts and names of settings, no text of a unit. */
export type ReleaseSummary = {
  info: ReleaseInfo;
  counts: RowCounts;
  files: FileEntry[];
  /** Units and pairs that are not in it, by rule. */
  excluded: Record<string, number>;
  units: number;
  eligible: number;
  sentence: string | null;
  observedTools: number;
  waivers: Waiver[];
};
export type GateState = 'pass' | 'fail' | 'not_run' | 'waived';
export type GateRow = {
  refKind: 'unit' | 'pair' | 'row' | 'file' | 'plan';
  refId: string;
  code: string;
  detail: string;
};
export type Gate = {
  gate: string;
  state: GateState;
  rule: string;
  value: string;
  limit: string;
  isWaivable: boolean;
  evidence: Record<string, string | number | null>;
  rows: GateRow[];
};

export async function addRelease(
  tx: Tx,
  row: {
    projectId: string;
    name: string;
    purpose: string;
    recipientId: string;
    filter: ReleaseFilter;
    createdBy: string;
  },
): Promise<{ id: string; number: number }> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`release${row.projectId}`}, 0))`;
  const last = await tx.release.aggregate({ where: { projectId: row.projectId }, _max: { number: true } });
  const before = await tx.release.findFirst({
    where: { projectId: row.projectId, state: 'approved' },
    orderBy: { number: 'desc' },
  });
  const made = await tx.release.create({
    data: { ...row, number: (last._max.number ?? 0) + 1, predecessorId: before?.id ?? null },
  });
  return { id: made.id, number: made.number };
}

export const findRelease = (projectId: string, id: string) => db().release.findFirst({ where: { id, projectId } });
export type ReleaseRow = NonNullable<Awaited<ReturnType<typeof findRelease>>>;
export const listReleases = (projectId: string) =>
  db().release.findMany({ where: { projectId }, orderBy: { number: 'desc' }, take: 200 });

/** Moves a release whose row is locked by this transaction; `false` when somebody moved it first. */
export async function moveRelease(
  tx: Tx,
  id: string,
  from: readonly ReleaseState[],
  to: ReleaseState,
  more: { builtBy?: string; revokedAt?: Date; revokeReason?: string } = {},
): Promise<boolean> {
  const moved = await tx.release.updateMany({ where: { id, state: { in: [...from] } }, data: { state: to, ...more } });
  return moved.count === 1;
}

/** The run of a release that is under way, for its page. */
export const latestRun = (releaseId: string) =>
  db().run.findFirst({ where: { kind: 'release', refId: releaseId }, orderBy: { createdAt: 'desc' } });

export type UnitFacts = {
  unitId: string;
  unitHash: string;
  kind: string;
  importId: string;
  sourceId: string;
  level: string;
  lang: string;
  tokens: number;
  outcome: string;
  outcomeBasis: string;
  domain: string;
  rootId: string;
  personKey: string | null;
  taskKey: string | null;
  trajectoryId: string;
  sessionKey: string | null;
  startedAt: Date | null;
  legalBasis: string;
  consentRef: string | null;
  expiresAt: Date;
  bytesPresent: number;
  bytesScanned: number;
  detectorBundle: string;
};
export type Policy = { purpose: string; recipient: string };

/** The rules of consent, purpose, recipient and time, in the order in which a unit is told why it stays. */
const WHY = `CASE WHEN u.withdrawn_at IS NOT NULL THEN 'withdrawn'
  WHEN u.expires_at <= now() THEN 'retention_over'
  WHEN NOT $2 = ANY(u.purposes) THEN 'purpose_not_allowed'
  WHEN NOT $3 = ANY(u.recipients_allowed) THEN 'recipient_not_allowed'
  WHEN u.legal_basis = 'consent' AND coalesce(u.consent_ref, '') = '' THEN 'consent_missing'
  WHEN NOT u.eligible THEN 'not_eligible' END`;

/**
 * Units that the filter names, told apart by the rules of their register entry.
 * @returns those that may be in the release, ordered as a frame is, and how many may not, by rule
 */
export async function candidateUnits(
  projectId: string,
  filter: ReleaseFilter,
  policy: Policy,
): Promise<{ units: UnitFacts[]; excluded: Record<string, number> }> {
  const { rows } = await pool().query<UnitFacts & { why: string | null; bytes_present: string; bytes_scanned: string }>(
    `SELECT u.id AS "unitId", u.hash AS "unitHash", u.kind, u.import_id AS "importId", u.source_id AS "sourceId", u.level, u.lang, u.tokens, u.outcome, u.outcome_basis AS "outcomeBasis",
            u.domain, u.root_id AS "rootId", u.person_key AS "personKey", t.task_key AS "taskKey",
            u.trajectory_id AS "trajectoryId", t.session_key AS "sessionKey", coalesce(u.started_at, t.started_at) AS "startedAt", u.legal_basis AS "legalBasis",
            u.consent_ref AS "consentRef", u.expires_at AS "expiresAt", u.bytes_present, u.bytes_scanned,
            u.detector_bundle AS "detectorBundle", ${WHY} AS why
       FROM unit u LEFT JOIN trajectory t ON t.project_id = u.project_id AND t.id = u.trajectory_id
      WHERE u.project_id = $1 AND (cardinality($4::text[]) = 0 OR u.kind = ANY($4))
        AND (cardinality($5::text[]) = 0 OR u.level = ANY($5)) AND (cardinality($6::uuid[]) = 0 OR u.import_id = ANY($6))
      ORDER BY u.id COLLATE "C"`,
    [projectId, policy.purpose, policy.recipient, filter.kinds, filter.levels, filter.importIds],
  );
  const excluded: Record<string, number> = {};
  const units: UnitFacts[] = [];
  for (const { why, bytes_present, bytes_scanned, ...row } of rows) {
    if (why !== null) excluded[why] = (excluded[why] ?? 0) + 1;
    else units.push({ ...row, bytesPresent: Number(bytes_present), bytesScanned: Number(bytes_scanned) });
  }
  return { units, excluded };
}

/** Asked again of the finished files' units, by their ids alone: which of them may not leave. */
export async function breakingUnits(
  projectId: string,
  policy: Policy,
  units: readonly { unitId: string; unitHash: string }[],
): Promise<{ unitId: string; why: string }[]> {
  const { rows } = await pool().query<{ unitId: string; why: string }>(
    `SELECT w.id AS "unitId", coalesce(${WHY}, CASE WHEN u.id IS NULL THEN 'gone' WHEN u.hash <> w.hash THEN 'changed' END) AS why
       FROM unnest($4::text[], $5::text[]) AS w(id, hash) LEFT JOIN unit u ON u.project_id = $1 AND u.id = w.id
      WHERE u.id IS NULL OR u.hash <> w.hash OR ${WHY} IS NOT NULL ORDER BY w.id COLLATE "C"`,
    [projectId, policy.purpose, policy.recipient, units.map((unit) => unit.unitId), units.map((unit) => unit.unitHash)],
  );
  return rows;
}

/** The newest sealed gold version of each unit. */
export async function sealedGold(projectId: string): Promise<{ unitId: string; unitHash: string }[]> {
  const rows = await db().goldUnit.findMany({
    where: { projectId, state: 'sealed' },
    orderBy: [{ unitId: 'asc' }, { version: 'desc' }],
    select: { unitId: true, unitHash: true },
  });
  return rows.filter((row, at) => row.unitId !== rows[at - 1]?.unitId);
}

export async function storedSplits(projectId: string): Promise<Map<string, Placement>> {
  const rows = await db().splitAssignment.findMany({ where: { projectId }, select: { memberId: true, split: true } });
  return new Map(rows.map((row) => [row.memberId, row.split as Placement]));
}

export type UnitEntity = { unitId: string; type: string; n: number; entity: string; count: number };

/** Entity codes behind the placeholders of these units. */
export async function entitiesOfUnits(projectId: string, unitIds: readonly string[]): Promise<UnitEntity[]> {
  const { rows } = await pool().query<UnitEntity>(
    `SELECT unit_id AS "unitId", type, n, entity, count FROM placeholder WHERE project_id = $1 AND unit_id = ANY($2)
      ORDER BY unit_id COLLATE "C", type, n`,
    [projectId, unitIds],
  );
  return rows;
}

/**
 * The sealed audit whose frame holds most of these units unchanged, the newest of equals.
 * @returns null when no audit is sealed
 */
export async function bestSealedPlan(
  projectId: string,
  units: readonly { unitId: string; unitHash: string }[],
): Promise<{ queueId: string; covered: number } | null> {
  const { rows } = await pool().query<{ queueId: string; covered: number }>(
    `SELECT p.queue_id AS "queueId", count(w.id)::int AS covered
       FROM audit_plan p LEFT JOIN frame_unit f ON f.frame_id = p.frame_id
       LEFT JOIN unnest($2::text[], $3::text[]) AS w(id, hash) ON w.id = f.unit_id AND w.hash = f.unit_hash
      WHERE p.project_id = $1 AND p.state = 'sealed' GROUP BY p.id, p.queue_id, p.sealed_at
      ORDER BY covered DESC, p.sealed_at DESC LIMIT 1`,
    [projectId, units.map((unit) => unit.unitId), units.map((unit) => unit.unitHash)],
  );
  return rows[0] ?? null;
}

/** Of these units, those that the plan's frame lacks or holds with another text. */
export async function uncoveredUnits(
  queueId: string,
  units: readonly { unitId: string; unitHash: string }[],
): Promise<{ unitId: string; why: 'not_in_audit' | 'changed_since_audit' }[]> {
  const { rows } = await pool().query<{ unitId: string; why: 'not_in_audit' | 'changed_since_audit' }>(
    `SELECT w.id AS "unitId", CASE WHEN f.unit_id IS NULL THEN 'not_in_audit' ELSE 'changed_since_audit' END AS why
       FROM unnest($2::text[], $3::text[]) AS w(id, hash)
       LEFT JOIN (SELECT f.* FROM frame_unit f JOIN audit_plan p ON p.frame_id = f.frame_id WHERE p.queue_id = $1) f ON f.unit_id = w.id
      WHERE f.unit_id IS NULL OR f.unit_hash <> w.hash ORDER BY w.id COLLATE "C"`,
    [queueId, units.map((unit) => unit.unitId), units.map((unit) => unit.unitHash)],
  );
  return rows;
}

export type BuiltRow = {
  rowId: string;
  /** The unit it was made of; of a pair, its prompt's. */
  unitId: string;
  unitHash: string;
  config: string;
  split: string;
  level: string;
  groupId: string;
  clusterId: string;
};
export type Build = {
  frame: { name: string; hash: string; units: readonly Candidate[] };
  snapshotHash: string;
  summary: ReleaseSummary;
  rows: readonly BuiltRow[];
  placed: readonly { memberId: string; groupId: string; split: Placement }[];
  gates: readonly Gate[];
  /** `building`: the trainers have not seen it yet. */
  state: 'ready' | 'blocked' | 'building';
};

const insertGateRows = (client: pg.PoolClient, releaseId: string, { gate, rows }: Gate) =>
  client.query(
    `INSERT INTO release_gate_row (release_id, gate, no, ref_kind, ref_id, code, detail)
     SELECT $1, $2, no, k, r, c, d FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS w(k, r, c, d, no)`,
    [
      releaseId,
      gate,
      rows.map((row) => row.refKind),
      rows.map((row) => row.refId),
      rows.map((row) => row.code),
      rows.map((row) => row.detail),
    ],
  );

/** Puts a build in place of the one before, inside the worker's fence. */
export async function saveBuild(client: pg.PoolClient, release: ReleaseRow, build: Build): Promise<void> {
  const { id, projectId } = release;
  const frame = await client.query<{ id: string }>(
    `INSERT INTO frame (project_id, name, filter, frame_hash, units, created_by) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [projectId, build.frame.name, release.filter, build.frame.hash, build.frame.units.length, release.builtBy],
  );
  const frameId = frame.rows[0]!.id;
  const units = build.frame.units;
  await client.query(
    'INSERT INTO frame_unit (frame_id, unit_id, unit_hash, stratum) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])',
    [frameId, units.map((u) => u.unitId), units.map((u) => u.unitHash), units.map((u) => u.stratum)],
  );
  await client.query('DELETE FROM release_unit WHERE release_id = $1', [id]);
  const columns = ['rowId', 'unitId', 'unitHash', 'config', 'split', 'level', 'groupId', 'clusterId'] as const;
  await client.query(
    `INSERT INTO release_unit (release_id, row_id, unit_id, unit_hash, config, split, level, group_id, cluster_id)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])`,
    [id, ...columns.map((column) => build.rows.map((row) => row[column]))],
  );
  await client.query(
    `INSERT INTO split_assignment (project_id, member_id, group_id, split, release_id)
     SELECT $1, m, g, s, $2 FROM unnest($3::text[], $4::text[], $5::text[]) AS w(m, g, s)
     ON CONFLICT (project_id, member_id) DO UPDATE SET group_id = excluded.group_id, split = excluded.split
       WHERE excluded.split = 'quarantine' OR split_assignment.split = excluded.split`,
    [
      projectId,
      id,
      build.placed.map((row) => row.memberId),
      build.placed.map((row) => row.groupId),
      build.placed.map((row) => row.split),
    ],
  );
  await client.query('DELETE FROM release_gate_row WHERE release_id = $1', [id]);
  await client.query('DELETE FROM release_gate WHERE release_id = $1', [id]);
  for (const gate of build.gates) {
    await client.query(
      `INSERT INTO release_gate (release_id, gate, state, rule, value, limit_text, is_waivable, evidence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, gate.gate, gate.state, gate.rule, gate.value, gate.limit, gate.isWaivable, gate.evidence],
    );
    await insertGateRows(client, id, gate);
  }
  await client.query(
    `UPDATE release SET state = $2, frame_id = $3, snapshot_hash = $4, folder = $4, summary = $5, built_at = now(), manifest_sha256 = NULL WHERE id = $1`,
    [id, build.state, frameId, build.snapshotHash, build.summary],
  );
}

/** Puts what the trainers said beside the build, inside the worker's fence. */
export async function saveDryRun(
  client: pg.PoolClient,
  releaseId: string,
  { gate, state, summary }: { gate: Gate; state: 'ready' | 'blocked'; summary: ReleaseSummary },
): Promise<void> {
  await client.query(
    'UPDATE release_gate SET state = $3, value = $4, evidence = $5 WHERE release_id = $1 AND gate = $2',
    [releaseId, gate.gate, gate.state, gate.value, gate.evidence],
  );
  await client.query('DELETE FROM release_gate_row WHERE release_id = $1 AND gate = $2', [releaseId, gate.gate]);
  await insertGateRows(client, releaseId, gate);
  await client.query(`UPDATE release SET state = $2, summary = $3 WHERE id = $1 AND state = 'building'`, [
    releaseId,
    state,
    summary,
  ]);
}

/** Units whose text is in the files of a build. */
export const releasedUnits = (releaseId: string): Promise<{ unitId: string; unitHash: string }[]> =>
  db().releaseUnit.findMany({
    where: { releaseId },
    distinct: ['unitId', 'unitHash'],
    select: { unitId: true, unitHash: true },
  });

/** A gate that is asked again after the build. */
export async function replaceGate(
  tx: Tx,
  releaseId: string,
  gate: string,
  now: { state: GateState; value: string; rows: readonly GateRow[] },
): Promise<void> {
  await tx.releaseGate.updateMany({ where: { releaseId, gate }, data: { state: now.state, value: now.value } });
  await tx.releaseGateRow.deleteMany({ where: { releaseId, gate } });
  await tx.releaseGateRow.createMany({ data: now.rows.map((row, no) => ({ ...row, releaseId, gate, no: no + 1 })) });
}

export const gatesOf = (releaseId: string) => db().releaseGate.findMany({ where: { releaseId } });
export const gateRowsOf = (releaseId: string, gate: string) =>
  db().releaseGateRow.findMany({ where: { releaseId, gate }, orderBy: { no: 'asc' }, take: 500 });
export const countGateRows = (releaseId: string) =>
  db().releaseGateRow.groupBy({ by: ['gate'], where: { releaseId }, _count: { _all: true } });

export type ApprovalRow = { personId: string; name: string; role: string | null; snapshotHash: string; at: Date };
/** Approvals ever given, with their person and role as they are now. */
export const approvalsOf = (releaseId: string): Promise<ApprovalRow[]> =>
  db().$queryRaw<ApprovalRow[]>`
    SELECT a.person_id AS "personId", p.name, m.role, a.snapshot_hash AS "snapshotHash", a.at FROM approval a
      JOIN release r ON r.id = a.release_id JOIN person p ON p.id = a.person_id
      LEFT JOIN membership m ON m.person_id = a.person_id AND m.project_id = r.project_id
     WHERE a.release_id = ${releaseId}::uuid ORDER BY a.at, a.person_id`;

export const addApproval = (tx: Tx, releaseId: string, personId: string, snapshotHash: string) =>
  tx.$executeRaw`INSERT INTO approval (release_id, person_id, snapshot_hash)
    VALUES (${releaseId}::uuid, ${personId}::uuid, ${snapshotHash}) ON CONFLICT DO NOTHING`;

/** The ledger's entry of the last approval: what the manifest points at. */
export async function approvalCheckpoint(releaseId: string): Promise<{ seq: number; hash: string }> {
  const row = await db().ledger.findFirstOrThrow({
    where: { action: 'release.approve', objectId: releaseId, outcome: 'ok' },
    orderBy: { seq: 'desc' },
  });
  return { seq: Number(row.seq), hash: row.hash };
}

export const addDownload = (
  tx: Tx,
  row: { releaseId: string; personId: string; file: string; nonceSha256: string; expiresAt: Date },
) => tx.download.create({ data: row });

/** Uses a nonce up, once; null when it is unknown, of another person or release, used or over. */
export async function useDownload(
  tx: Tx,
  releaseId: string,
  personId: string,
  nonceSha256: string,
): Promise<{ id: string; file: string } | null> {
  const rows = await tx.$queryRaw<{ id: string; file: string }[]>`
    UPDATE download SET used_at = now() WHERE nonce_sha256 = ${nonceSha256} AND release_id = ${releaseId}::uuid
      AND person_id = ${personId}::uuid AND used_at IS NULL AND expires_at > now() RETURNING id, file`;
  return rows[0] ?? null;
}

export const downloadsOf = (releaseId: string) =>
  db().$queryRaw<{ id: string; name: string; file: string; usedAt: Date }[]>`
    SELECT d.id, p.name, d.file, d.used_at AS "usedAt" FROM download d JOIN person p ON p.id = d.person_id
     WHERE d.release_id = ${releaseId}::uuid AND d.used_at IS NOT NULL ORDER BY d.used_at DESC LIMIT 100`;

/**
 * After a dictionary version changed units: what was approved with the former text is held back until a lead says why it
 * stands or builds anew, and what was built but not approved goes back to a draft. Others' texts make no difference.
 */
export async function holdTouchedReleases(
  client: pg.PoolClient,
  projectId: string,
  dictVersion: number,
): Promise<void> {
  const { rows } = await client.query<{ id: string; number: number; state: string }>(
    `UPDATE release r SET state = CASE r.state WHEN 'approved' THEN 'suspended' ELSE 'draft' END
      WHERE r.project_id = $1 AND r.state IN ('approved', 'ready', 'blocked') AND EXISTS (
        SELECT 1 FROM release_unit ru JOIN unit u ON u.project_id = r.project_id AND u.id = ru.unit_id
         WHERE ru.release_id = r.id AND u.hash <> ru.unit_hash AND u.dict_version >= $2)
      RETURNING r.id, r.number, r.state`,
    [projectId, dictVersion],
  );
  for (const { id, number, state } of rows)
    await client.query(
      `SELECT ledger_append('system', NULL, 'release.hold', 'release', $1, $2::uuid, 'ok', NULL, $3)`,
      [id, projectId, JSON.stringify({ dictVersion, number, state })],
    );
}
