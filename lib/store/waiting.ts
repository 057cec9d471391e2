import { pool } from './db.ts';

export type Waiting = {
  audit: number;
  pairs: number;
  goldDrafts: number;
  approvals: number;
  failingRuns: number;
  proposals: number;
};

/** What a person of this project could do now. */
export async function countWaiting(projectId: string, personId: string): Promise<Waiting> {
  const { rows } = await pool().query(
    `WITH open AS (
       SELECT q.kind, t.subject_id FROM task t JOIN queue q ON q.id = t.queue_id
        WHERE t.project_id = $1 AND q.state = 'open' AND t.state = 'open' AND (t.free_at < now() OR t.claimed_by = $2)
          AND NOT EXISTS (SELECT 1 FROM task o WHERE o.queue_id = t.queue_id AND o.subject_id = t.subject_id AND o.decided_by = $2)
          AND NOT EXISTS (SELECT 1 FROM declined d WHERE d.task_id = t.id AND d.person_id = $2)
        GROUP BY q.kind, q.id, t.subject_id)
     SELECT (SELECT count(*) FROM open WHERE kind = 'audit')::int AS audit,
            (SELECT count(*) FROM open WHERE kind = 'pair')::int AS pairs,
            (SELECT count(*) FROM gold_unit g WHERE g.project_id = $1 AND g.state IN ('draft', 'proposed'))::int AS gold_drafts,
            (SELECT count(*) FROM release r WHERE r.project_id = $1 AND r.state = 'ready' AND r.built_by IS DISTINCT FROM $2
               AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.release_id = r.id AND a.person_id = $2))::int AS approvals,
            (SELECT count(*) FROM run u WHERE u.project_id = $1 AND u.state IN ('dead', 'blocked'))::int AS failing_runs,
            (SELECT count(*) FROM dictionary_entry e WHERE e.project_id = $1 AND e.state = 'proposed')::int AS proposals`,
    [projectId, personId],
  );
  const row = rows[0];
  return {
    audit: row.audit,
    pairs: row.pairs,
    goldDrafts: row.gold_drafts,
    approvals: row.approvals,
    failingRuns: row.failing_runs,
    proposals: row.proposals,
  };
}
