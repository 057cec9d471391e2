/** Spans that the detector only suggests: masked like all others, and looked through by people one value at a time. */
import { db, pool } from './db.ts';

export type SweepSpan = {
  unitId: string;
  unitHash: string;
  no: number;
  type: string;
  path: string;
  placeholder: string;
  entity: string;
  detector: string;
  score: number;
  /** Further units in which the same value stands. */
  alsoIn: number;
};

/** `unit@no`: the item's subject. */
export const subjectOf = ({ unitId, no }: Pick<SweepSpan, 'unitId' | 'no'>): string => `${unitId}@${no}`;
export function spanOfSubject(subjectId: string): { unitId: string; no: number } {
  const at = subjectId.lastIndexOf('@');
  return { unitId: subjectId.slice(0, at), no: Number(subjectId.slice(at + 1)) };
}

/** The most doubtful first, one span a value, none that somebody judged or that waits in a sweep. */
export async function suggestedSpans(projectId: string, limit: number): Promise<SweepSpan[]> {
  const { rows } = await pool().query<SweepSpan>(
    `SELECT * FROM (
       SELECT DISTINCT ON (s.entity) s.unit_id AS "unitId", u.hash AS "unitHash", s.no, s.type, s.path, s.placeholder, s.entity,
              s.detector, s.score,
              (SELECT count(DISTINCT p.unit_id)::int - 1 FROM placeholder p WHERE p.project_id = s.project_id AND p.entity = s.entity) AS "alsoIn"
         FROM span s JOIN unit u ON u.project_id = s.project_id AND u.id = s.unit_id
        WHERE s.project_id = $1 AND s.tier = 'suggest' AND s.decision = 'auto' AND s.placeholder <> '' AND u.withdrawn_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM dictionary_entry e WHERE e.project_id = s.project_id AND e.entity = s.entity)
          AND NOT EXISTS (SELECT 1 FROM task t JOIN queue q ON q.id = t.queue_id JOIN span o ON o.project_id = t.project_id
                AND t.subject_id = o.unit_id || '@' || o.no WHERE q.kind = 'sweep' AND t.project_id = s.project_id AND o.entity = s.entity)
        ORDER BY s.entity, s.score, s.unit_id, s.no) one ORDER BY score, "unitId", no LIMIT $2`,
    [projectId, limit],
  );
  return rows;
}

/** A span as it is now; null when its unit was redacted otherwise since. */
export async function findSweepSpan(projectId: string, subjectId: string): Promise<SweepSpan | null> {
  const { unitId, no } = spanOfSubject(subjectId);
  const [span, unit] = await Promise.all([
    db().span.findUnique({ where: { projectId_unitId_no: { projectId, unitId, no } } }),
    db().unit.findUnique({ where: { projectId_id: { projectId, id: unitId } } }),
  ]);
  if (!span || !unit || span.placeholder === '') return null;
  const holders = await db().placeholder.findMany({ where: { projectId, entity: span.entity }, distinct: ['unitId'] });
  return {
    unitId,
    unitHash: unit.hash,
    no,
    type: span.type,
    path: span.path,
    placeholder: span.placeholder,
    entity: span.entity,
    detector: span.detector,
    score: span.score,
    alsoIn: Math.max(0, holders.length - 1),
  };
}
