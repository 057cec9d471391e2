/** Generators of synthetic negatives: who proposed which version, who approved it, and how much of it may leave. */
import type { Generator } from '#lib/core/pair/candidate.ts';
import type { GeneratorRule } from '#lib/core/pair/generators.ts';
import { db, type Tx } from './db.ts';

export type GeneratorState = 'proposed' | 'approved' | 'refused' | 'retired';
export type GeneratorRow = Generator & {
  id: string;
  /** Most of a release's pairs, 0 to 0.3. */
  capShare: number;
  state: GeneratorState;
  proposedBy: string;
  decidedBy: string | null;
  decidedAt: Date | null;
  createdAt: Date;
};

/** Newest version of each name first. */
export async function listGenerators(projectId: string): Promise<GeneratorRow[]> {
  const rows = await db().generator.findMany({ where: { projectId }, orderBy: [{ name: 'asc' }, { version: 'desc' }] });
  return rows as unknown as GeneratorRow[];
}

export async function approvedGenerators(projectId: string): Promise<GeneratorRow[]> {
  return (await listGenerators(projectId)).filter(({ state }) => state === 'approved');
}

export async function findGenerator(projectId: string, id: string): Promise<GeneratorRow | null> {
  return (await db().generator.findFirst({ where: { projectId, id } })) as GeneratorRow | null;
}

/** The next version of a name; two at once get the unique key between them. */
export async function addGenerator(
  tx: Tx,
  row: { projectId: string; name: string; rule: GeneratorRule; capShare: number; proposedBy: string },
): Promise<{ id: string; version: number }> {
  const last = await tx.generator.findFirst({
    where: { projectId: row.projectId, name: row.name },
    orderBy: { version: 'desc' },
  });
  const made = await tx.generator.create({ data: { ...row, version: (last?.version ?? 0) + 1 } });
  return { id: made.id, version: made.version };
}

/** @returns false when somebody decided first */
export async function decideGeneratorRow(
  tx: Tx,
  id: string,
  from: readonly GeneratorState[],
  to: GeneratorState,
  decidedBy: string,
): Promise<boolean> {
  const { count } = await tx.generator.updateMany({
    where: { id, state: { in: [...from] } },
    data: { state: to, decidedBy, decidedAt: new Date() },
  });
  return count === 1;
}
