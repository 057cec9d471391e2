/** How well people read, from the canaries they met; and what they flagged. */
import { pool } from './db.ts';

export type CanaryReading = {
  personId: string;
  name: string;
  marks: { path: string; start: number; end: number; type: string }[];
  path: string;
  start: number;
  end: number;
  putStart: number;
  putEnd: number;
};

/** First readings of canaries whose sample is sealed: until then nobody may know which they were. */
export async function sealedCanaryReadings(projectId: string): Promise<CanaryReading[]> {
  const { rows } = await pool().query(
    `SELECT d.reviewer_id AS "personId", p.name, coalesce(d.body -> 'leaks', '[]') AS marks, c.path, c.start, c."end",
            c.put_start AS "putStart", c.put_end AS "putEnd"
       FROM canary c JOIN audit_plan a ON a.id = c.plan_id AND a.state = 'sealed'
       JOIN decision d ON d.task_id = c.task_id AND d.body ->> 'kind' = 'audit'
       JOIN person p ON p.id = d.reviewer_id
      WHERE c.project_id = $1 AND NOT EXISTS (SELECT 1 FROM decision n WHERE n.supersedes = d.id) ORDER BY p.name, d.reviewer_id`,
    [projectId],
  );
  return rows;
}

export type ReaderCount = { personId: string; name: string; decisions: number };

/** Standing audit decisions by person. */
export async function auditDecisions(projectId: string): Promise<{ people: ReaderCount[]; medianMs: number | null }> {
  const standing = `FROM decision d JOIN task t ON t.id = d.task_id JOIN queue q ON q.id = t.queue_id JOIN person p ON p.id = d.reviewer_id
      WHERE d.project_id = $1 AND q.kind = 'audit' AND d.body ->> 'kind' = 'audit'
        AND NOT EXISTS (SELECT 1 FROM decision n WHERE n.supersedes = d.id)`;
  const [people, middle] = await Promise.all([
    pool().query<ReaderCount>(
      `SELECT d.reviewer_id AS "personId", p.name, count(*)::int AS decisions ${standing} GROUP BY 1, 2 ORDER BY 2, 1`,
      [projectId],
    ),
    pool().query<{ median: number | null }>(
      `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY d.active_ms) AS median ${standing}`,
      [projectId],
    ),
  ]);
  return { people: people.rows, medianMs: middle.rows[0]?.median ?? null };
}

export type FlagRow = { at: Date; unitId: string; queue: string; queueId: string; note: string };

/** What readers flagged, newest first; names are not said. */
export async function listFlags(projectId: string, limit: number): Promise<FlagRow[]> {
  const { rows } = await pool().query<FlagRow>(
    `SELECT d.created_at AS at, t.subject_id AS "unitId", q.name AS queue, q.id AS "queueId", d.body ->> 'note' AS note
       FROM decision d JOIN task t ON t.id = d.task_id JOIN queue q ON q.id = t.queue_id
      WHERE d.project_id = $1 AND d.body ->> 'kind' = 'flag' ORDER BY d.created_at DESC LIMIT $2`,
    [projectId, limit],
  );
  return rows;
}
