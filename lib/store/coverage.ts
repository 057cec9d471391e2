import type { CoverageRow, Target } from '#lib/core/mix/coverage.ts';
import { db, pool, type Tx } from './db.ts';

/** What coverage asks of every unit that is not withdrawn, in the order of ids. */
export async function coverageRows(projectId: string): Promise<CoverageRow[]> {
  const { rows } = await pool().query(
    `SELECT u.id, u.kind, u.level, u.tools, u.hops, u.recovered, u.domain, u.lang, u.outcome, u.outcome_basis AS basis, s.name AS source, u.tokens
       FROM unit u JOIN source s ON s.id = u.source_id WHERE u.project_id = $1 AND u.withdrawn_at IS NULL ORDER BY u.id`,
    [projectId],
  );
  return rows.map(({ lang, outcome, basis, ...row }) => ({
    ...row,
    // Undetermined is no language: it stands under unknown.
    ...(lang === 'und' ? {} : { language: lang }),
    outcome: { value: outcome, basis },
  }));
}

export type StoredTargets = { version: number; name: string; targets: Target[]; createdBy: string; createdAt: Date };

/** Versions of the targets, newest first. */
export async function targetVersions(projectId: string): Promise<StoredTargets[]> {
  const rows = await db().target.findMany({ where: { projectId }, orderBy: { version: 'desc' }, take: 20 });
  return rows.map(({ version, name, shares, createdBy, createdAt }) => ({
    version,
    name,
    targets: shares as unknown as Target[],
    createdBy,
    createdAt,
  }));
}

/** The next version; two leads at once get the unique key between them. */
export async function addTargets(
  tx: Tx,
  row: { projectId: string; name: string; targets: readonly Target[]; createdBy: string },
): Promise<{ id: string; version: number }> {
  const last = await tx.target.findFirst({ where: { projectId: row.projectId }, orderBy: { version: 'desc' } });
  return tx.target.create({
    data: {
      projectId: row.projectId,
      name: row.name,
      shares: row.targets as unknown as object,
      createdBy: row.createdBy,
      version: (last?.version ?? 0) + 1,
    },
    select: { id: true, version: true },
  });
}
