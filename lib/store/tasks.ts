/**
 * One claim table for all desks and for the API. The claim is one statement with row locks; read-then-write would give
 * one item to two people. Tokens are stored as hashes.
 */
import { createHash } from 'node:crypto';
import { db, pool, type Tx } from './db.ts';

export const DESK_LEASE_SECONDS = 60;
export const TOKEN_LEASE_SECONDS = 15 * 60;
export const MAX_HELD = 50;

export type ClaimedTask = {
  id: string;
  subjectId: string;
  subjectHash: string;
  position: number;
  claimToken: string;
  expiresAt: Date;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Takes up to `want` items for a person: open and free (or this person's own), none whose subject the person has in
 * another slot, none they declined, and a second slot only when the first is not free.
 * @param have items already in the caller's hands, which are left alone
 */
export async function claimTasks(
  queueId: string,
  personId: string,
  want: number,
  have: readonly string[],
  leaseSeconds: number,
): Promise<ClaimedTask[]> {
  for (let tries = 0; ; tries++) {
    try {
      const { rows } = await pool().query(
        `WITH picked AS MATERIALIZED (
           SELECT t.id, gen_random_uuid() AS token FROM task t
            WHERE t.queue_id = $1 AND t.state = 'open' AND (t.free_at < now() OR t.claimed_by = $2) AND NOT t.id = ANY($4)
              AND (t.handed_to IS NULL OR t.handed_to = $2)
              AND NOT EXISTS (SELECT 1 FROM declined d WHERE d.task_id = t.id AND d.person_id = $2)
              AND NOT EXISTS (SELECT 1 FROM task o WHERE o.queue_id = t.queue_id AND o.subject_id = t.subject_id AND o.id <> t.id
                    AND ($2 IN (o.claimed_by, o.decided_by) OR (o.slot < t.slot AND o.state = 'open' AND o.free_at < now()
                         AND NOT EXISTS (SELECT 1 FROM declined d WHERE d.task_id = o.id AND d.person_id = $2))))
            ORDER BY (t.claimed_by = $2 AND t.free_at >= now()) DESC, t.position LIMIT $3 FOR UPDATE OF t SKIP LOCKED)
         UPDATE task t SET claimed_by = $2, claim_sha256 = encode(sha256(convert_to(p.token::text, 'UTF8')), 'hex'),
                free_at = now() + make_interval(secs => $5)
           FROM picked p WHERE t.id = p.id
         RETURNING t.id, t.subject_id, t.subject_hash, t.position, p.token::text AS token, t.free_at`,
        [queueId, personId, want, have, leaseSeconds],
      );
      return rows
        .map((row) => ({
          id: row.id as string,
          subjectId: row.subject_id as string,
          subjectHash: row.subject_hash as string,
          position: row.position as number,
          claimToken: row.token as string,
          expiresAt: row.free_at as Date,
        }))
        .sort((a, b) => a.position - b.position);
    } catch (error) {
      // Another slot of the same subject went to this person at the same moment.
      if ((error as { code?: string }).code !== '23505' || tries >= 5) throw error;
    }
  }
}

export const countHeld = async (queueId: string, personId: string): Promise<number> =>
  db().task.count({ where: { queueId, claimedBy: personId, state: 'open', freeAt: { gt: new Date() } } });

/** Prolongs claims. @returns ids of those that are lost */
export async function beatClaims(
  personId: string,
  claims: readonly { taskId: string; token: string }[],
  leaseSeconds: number,
): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>(
    `UPDATE task t SET free_at = now() + make_interval(secs => $4) FROM unnest($2::uuid[], $3::text[]) AS c(id, sha)
      WHERE t.id = c.id AND t.claim_sha256 = c.sha AND t.claimed_by = $1 AND t.state = 'open' AND t.free_at > now() RETURNING t.id`,
    [personId, claims.map((claim) => claim.taskId), claims.map((claim) => sha256(claim.token)), leaseSeconds],
  );
  const kept = new Set(rows.map((row) => row.id));
  return claims.filter((claim) => !kept.has(claim.taskId)).map((claim) => claim.taskId);
}

/** Frees claims at once. */
export const releaseClaims = (personId: string, claims: readonly { taskId: string; token: string }[]) =>
  pool().query(
    `UPDATE task t SET free_at = '-infinity', claimed_by = NULL, claim_sha256 = NULL FROM unnest($2::uuid[], $3::text[]) AS c(id, sha)
      WHERE t.id = c.id AND t.claim_sha256 = c.sha AND t.claimed_by = $1 AND t.state = 'open'`,
    [personId, claims.map((claim) => claim.taskId), claims.map((claim) => sha256(claim.token))],
  );

/** Frees the claim and never offers the item to this person again. */
export async function declineTask(tx: Tx, taskId: string, personId: string, why: string): Promise<void> {
  await tx.declined.createMany({ data: [{ taskId, personId, why }], skipDuplicates: true });
  await tx.$executeRaw`UPDATE task SET free_at = '-infinity', claimed_by = NULL, claim_sha256 = NULL
    WHERE id = ${taskId}::uuid AND claimed_by = ${personId}::uuid AND state = 'open'`;
}

export type TaskRow = {
  id: string;
  queue_id: string;
  project_id: string;
  kind: string;
  subject_id: string;
  subject_hash: string;
  state: string;
  claimed_by: string | null;
  claim_sha256: string | null;
  is_free: boolean;
  decided_by: string | null;
  sealed_at: Date | null;
};

/** The task, locked until the transaction ends. */
export async function lockTask(tx: Tx, projectId: string, taskId: string): Promise<TaskRow | null> {
  const rows = await tx.$queryRaw<TaskRow[]>`
    SELECT t.id, t.queue_id, t.project_id, q.kind, t.subject_id, t.subject_hash, t.state, t.claimed_by, t.claim_sha256,
           t.free_at < now() AS is_free, t.decided_by, t.sealed_at
      FROM task t JOIN queue q ON q.id = t.queue_id WHERE t.id = ${taskId}::uuid AND t.project_id = ${projectId}::uuid FOR UPDATE OF t`;
  return rows[0] ?? null;
}

export const holdsClaim = (task: TaskRow, personId: string, token: string): boolean =>
  task.state === 'open' && task.claimed_by === personId && !task.is_free && task.claim_sha256 === sha256(token);

export const markDecided = (tx: Tx, taskId: string, personId: string) =>
  tx.$executeRaw`UPDATE task SET state = 'decided', decided_by = ${personId}::uuid, decided_at = now(), claim_sha256 = NULL
    WHERE id = ${taskId}::uuid`;

/** After an undo the item is open again and stays with the person who decided it. @returns the new claim token */
export async function reopenTask(tx: Tx, taskId: string, personId: string): Promise<string> {
  const token = crypto.randomUUID();
  await tx.$executeRaw`UPDATE task SET state = 'open', decided_by = NULL, decided_at = NULL, claimed_by = ${personId}::uuid,
    claim_sha256 = ${sha256(token)}, free_at = now() + make_interval(secs => ${DESK_LEASE_SECONDS}) WHERE id = ${taskId}::uuid`;
  return token;
}

export const addQueue = (
  tx: Tx,
  queue: { projectId: string; kind: string; name: string; seed: string; createdBy: string },
) => tx.queue.create({ data: queue });

export type NewTask = {
  /** When the caller has to know it beforehand. */
  id?: string;
  subjectId: string;
  subjectHash: string;
  slot: number;
  position: number;
  design?: string;
  stratum?: string;
  pi?: number;
  drawIndex?: number;
  handedTo?: string;
};

export const addTasks = (tx: Tx, projectId: string, queueId: string, tasks: readonly NewTask[]) =>
  tx.task.createMany({ data: tasks.map((task) => ({ ...task, projectId, queueId })) });

export type QueueCounts = {
  id: string;
  kind: string;
  name: string;
  overlap: number;
  state: string;
  units: number;
  items: number;
  open: number;
  claimed: number;
  done: number;
  mine: number;
};

/** Queues of a project with counts; pairs that come back swapped are one's own affair and stand in `mine` alone: it is what this person could still take. */
export async function listQueues(projectId: string, personId: string | null, kind?: string): Promise<QueueCounts[]> {
  const { rows } = await pool().query(
    `SELECT q.id, q.kind, q.name, q.overlap, q.state,
            count(DISTINCT t.subject_id) FILTER (WHERE NOT t.is_repeat)::int AS units,
            count(t.id) FILTER (WHERE NOT t.is_repeat)::int AS items,
            count(t.id) FILTER (WHERE t.state = 'open' AND t.free_at < now())::int AS open,
            count(t.id) FILTER (WHERE t.state = 'open' AND t.free_at >= now())::int AS claimed,
            count(t.id) FILTER (WHERE t.state IN ('decided', 'sealed') AND NOT t.is_repeat)::int AS done,
            count(DISTINCT t.subject_id) FILTER (WHERE t.state = 'open' AND (t.free_at < now() OR t.claimed_by = $2)
              AND NOT EXISTS (SELECT 1 FROM task o WHERE o.queue_id = t.queue_id AND o.subject_id = t.subject_id AND o.decided_by = $2)
              AND (t.handed_to IS NULL OR t.handed_to = $2)
              AND NOT EXISTS (SELECT 1 FROM declined d WHERE d.task_id = t.id AND d.person_id = $2))::int AS mine
       FROM queue q LEFT JOIN (SELECT *, subject_id LIKE '%~2' AS is_repeat FROM task) t ON t.queue_id = q.id
      WHERE q.project_id = $1 AND ($3::text IS NULL OR q.kind = $3) GROUP BY q.id ORDER BY q.created_at`,
    [projectId, personId, kind ?? null],
  );
  return rows;
}

export const findQueue = (projectId: string, queueId: string) =>
  db().queue.findFirst({ where: { id: queueId, projectId } });
