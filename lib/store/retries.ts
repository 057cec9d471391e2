/** Quarantined records that are read once more. Which ones is fixed at the start; the counts change once, when it settles. */
import type pg from 'pg';
import { db, pool, type Tx } from './db.ts';
import { closeCounts, type QuarantinedRef } from './imports.ts';

export const findRetry = (id: string) => db().quarantineRetry.findUniqueOrThrow({ where: { id } });

/** Records of a retry in the order of the file. */
export async function recordsOfRetry(retryId: string): Promise<QuarantinedRef[]> {
  const { rows } = await pool().query<{
    member: string;
    record_no: number;
    byte_start: string;
    byte_end: string;
    sha256: string;
  }>(
    'SELECT member, record_no, byte_start, byte_end, sha256 FROM quarantine WHERE retry_id = $1 ORDER BY member, record_no',
    [retryId],
  );
  return rows.map((row) => ({
    member: row.member,
    recordNo: row.record_no,
    byteStart: Number(row.byte_start),
    byteEnd: Number(row.byte_end),
    sha256: row.sha256,
  }));
}

/** Which trajectories the detector left behind, of those that these records belong to. */
export async function trajectoriesOfRetry(retryId: string): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>(
    `SELECT DISTINCT t.id FROM quarantine q JOIN trajectory t ON t.import_id = q.import_id AND t.member = q.member
        AND q.record_no BETWEEN t.record_from AND t.record_to
      WHERE q.retry_id = $1 AND t.redacted_at IS NULL ORDER BY t.id`,
    [retryId],
  );
  return rows.map(({ id }) => id);
}

/** Takes the records of a retry out of quarantine; what is refused again goes back by itself. */
export const reopenRecords = (client: pg.PoolClient, retryId: string) =>
  client.query(
    `UPDATE record r SET fate = 'mapped' FROM quarantine q
      WHERE q.retry_id = $1 AND r.import_id = q.import_id AND r.member = q.member AND r.record_no = q.record_no AND r.fate = 'quarantined'`,
    [retryId],
  );

const COUNT_FATES = `SELECT count(*) FILTER (WHERE r.fate = 'mapped')::int AS mapped, count(*) FILTER (WHERE r.fate IN ('read', 'duplicate'))::int AS duplicates
  FROM quarantine q JOIN record r ON r.import_id = q.import_id AND r.member = q.member AND r.record_no = q.record_no WHERE q.retry_id = $1`;

/** Ends a retry: who is no longer quarantined leaves the table, and the import is counted anew from its rows. */
export async function settleRetry(client: pg.PoolClient, retryId: string, importId: string): Promise<void> {
  const { rows } = await client.query<{ mapped: number; duplicates: number }>(COUNT_FATES, [retryId]);
  await closeCounts(client, importId);
  await client.query(
    `DELETE FROM quarantine q USING record r WHERE q.retry_id = $1 AND r.import_id = q.import_id AND r.member = q.member
        AND r.record_no = q.record_no AND r.fate <> 'quarantined'`,
    [retryId],
  );
  await client.query('UPDATE quarantine SET retry_id = NULL WHERE retry_id = $1', [retryId]);
  await client.query(
    'UPDATE quarantine_retry SET mapped = $2, duplicates = $3, finished_at = now() WHERE id = $1 AND finished_at IS NULL',
    [retryId, rows[0]!.mapped, rows[0]!.duplicates],
  );
}

/** A retry that was cancelled: what was not mapped by then stays where it was, and the account adds up again. */
export async function abandonRetry(tx: Tx, retryId: string): Promise<void> {
  const retry = await tx.quarantineRetry.findUnique({ where: { id: retryId } });
  if (!retry || retry.finishedAt) return;
  await tx.$executeRaw`UPDATE record r SET fate = 'quarantined' FROM quarantine q
    WHERE q.retry_id = ${retryId}::uuid AND r.import_id = q.import_id AND r.member = q.member AND r.record_no = q.record_no AND r.fate = 'read'`;
  await tx.$executeRaw`DELETE FROM quarantine q USING record r WHERE q.retry_id = ${retryId}::uuid AND r.import_id = q.import_id
    AND r.member = q.member AND r.record_no = q.record_no AND r.fate <> 'quarantined'`;
  await tx.$executeRaw`UPDATE import i SET mapped = c.mapped, quarantined = c.quarantined FROM (
      SELECT count(*) FILTER (WHERE fate = 'mapped')::int AS mapped, count(*) FILTER (WHERE fate = 'quarantined')::int AS quarantined
        FROM record WHERE import_id = ${retry.importId}::uuid) c WHERE i.id = ${retry.importId}::uuid`;
  await tx.quarantine.updateMany({ where: { retryId }, data: { retryId: null } });
  await tx.quarantineRetry.update({ where: { id: retryId }, data: { finishedAt: new Date() } });
}
