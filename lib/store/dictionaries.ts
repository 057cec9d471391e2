import type { PiiType } from '#lib/core/pii/taxonomy.ts';
import { db, type Tx } from './db.ts';
import { openDictionary, openValues } from './vault.ts';

export type OpenEntry = {
  id: string;
  value: string;
  type: PiiType;
  /** 'pattern': `value` is a pattern for RE2. */
  mode: 'exact' | 'folded' | 'word' | 'pattern';
  action: 'mask' | 'keep';
  scope: 'project' | 'trajectory' | 'unit';
  scopeId: string | null;
};

/** Entries in force with their values, for the worker; ordered, so that the same version gives the same automaton. */
export async function openEntries(projectId: string): Promise<{ entries: OpenEntry[]; version: number }> {
  const [rows, project] = await Promise.all([
    db().dictionaryEntry.findMany({
      where: { projectId, state: 'accepted' },
      orderBy: [{ version: 'asc' }, { id: 'asc' }],
    }),
    db().project.findUniqueOrThrow({ where: { id: projectId } }),
  ]);
  return { entries: await withValues(projectId, rows), version: project.dictVersion };
}

/** One entry in whatever state, with its value, for the worker. */
export async function openEntry(projectId: string, id: string): Promise<(OpenEntry & { entity: string }) | null> {
  const row = await db().dictionaryEntry.findFirst({ where: { id, projectId } });
  const [entry] = row ? await withValues(projectId, [row]) : [];
  return entry ? { ...entry, entity: row!.entity } : null;
}

type Row = {
  id: string;
  type: string;
  mode: string;
  action: string;
  scope: string;
  scopeId: string | null;
  entity: string;
};

async function withValues(projectId: string, rows: readonly Row[]): Promise<OpenEntry[]> {
  const values = await openDictionary(projectId);
  const byId = new Map(values.map((row) => [row.id, row.value]));
  // A proposal made from a mask has no value of its own: it is that of the masked entity.
  const byEntity = new Map(
    (
      await openValues(
        projectId,
        rows.filter((row) => !byId.has(row.id)).map((row) => row.entity),
      )
    ).map((row) => [row.entity, row.value]),
  );
  return rows.flatMap((row): OpenEntry[] => {
    const value = byId.get(row.id) ?? byEntity.get(row.entity);
    return value === undefined
      ? []
      : [
          {
            id: row.id,
            value,
            type: row.type as PiiType,
            mode: row.mode as OpenEntry['mode'],
            action: row.action as OpenEntry['action'],
            scope: row.scope as OpenEntry['scope'],
            scopeId: row.scopeId,
          },
        ];
  });
}

/** The next version of a project's dictionary, inside the transaction that changes it. */
export async function raiseDictVersion(tx: Tx, projectId: string): Promise<number> {
  return (await tx.project.update({ where: { id: projectId }, data: { dictVersion: { increment: 1 } } })).dictVersion;
}
