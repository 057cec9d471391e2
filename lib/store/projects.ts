import { db, type Tx } from './db.ts';

/** Lower-case letters, digits and hyphens; project keys are derived from it, so it never changes. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40) || 'project';

export async function addProject(tx: Tx, project: { name: string; isDemo?: boolean; approvals?: number }) {
  const base = slugOf(project.name);
  const taken = await tx.project.findMany({ where: { slug: { startsWith: base } }, select: { slug: true } });
  const slugs = new Set(taken.map((row) => row.slug));
  let slug = base;
  for (let n = 2; slugs.has(slug); n++) slug = `${base}-${n}`;
  return tx.project.create({
    data: { slug, name: project.name, isDemo: project.isDemo ?? false, approvals: project.approvals ?? 2 },
  });
}

export const findProject = (id: string) => db().project.findUniqueOrThrow({ where: { id } });
export const listProjects = () => db().project.findMany({ orderBy: { createdAt: 'asc' } });
export const listProjectsOf = (personId: string) =>
  db().$queryRaw<{ id: string; name: string; slug: string; role: string | null }[]>`
    SELECT j.id, j.name, j.slug, m.role FROM project j
      LEFT JOIN membership m ON m.project_id = j.id AND m.person_id = ${personId}::uuid
      JOIN person p ON p.id = ${personId}::uuid
    WHERE m.role IS NOT NULL OR p.site_role IS NOT NULL ORDER BY j.name`;
