/** What trainers measured on rows of a release, by row id. */
import { db, pool } from './db.ts';

export type ScoreLine = { id: string; loss?: number | undefined; passRate?: number | undefined };

/** Keeps the newest score of each row that is in the release's files. @returns how many of the lines were */
export async function saveScores(projectId: string, releaseId: string, lines: readonly ScoreLine[]): Promise<number> {
  const { rowCount } = await pool().query(
    `INSERT INTO row_score (release_id, row_id, project_id, member_id, loss, pass_rate)
     SELECT $1, w.id, $2, u.unit_id, w.loss, w.pass FROM unnest($3::text[], $4::float8[], $5::float8[]) AS w(id, loss, pass)
       JOIN release_unit u ON u.release_id = $1 AND u.row_id = w.id
     ON CONFLICT (release_id, row_id) DO UPDATE SET loss = excluded.loss, pass_rate = excluded.pass_rate, at = now()`,
    [
      releaseId,
      projectId,
      lines.map(({ id }) => id),
      lines.map(({ loss }) => loss ?? null),
      lines.map(({ passRate }) => passRate ?? null),
    ],
  );
  return rowCount ?? 0;
}

export type StoredScore = { rowId: string; loss: number | null; passRate: number | null };

/** Scores of the release that was scored last; empty when none was. */
export async function latestScores(projectId: string): Promise<{ releaseId: string; scores: StoredScore[] } | null> {
  const last = await db().rowScore.findFirst({
    where: { projectId },
    orderBy: { at: 'desc' },
    select: { releaseId: true },
  });
  if (!last) return null;
  const scores = await db().rowScore.findMany({
    where: { projectId, releaseId: last.releaseId },
    select: { rowId: true, loss: true, passRate: true },
    orderBy: { rowId: 'asc' },
  });
  return { releaseId: last.releaseId, scores };
}
