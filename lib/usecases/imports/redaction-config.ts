import { compileDictionary } from '#lib/core/pii/dictionary.ts';
import { withPatterns } from '#lib/core/pii/patterns.ts';
import type { RedactionConfig } from '#lib/core/pii/redact.ts';
import { db } from '#lib/store/db.ts';
import { openEntries } from '#lib/store/dictionaries.ts';
import { keyedIndex } from '#lib/store/envelope.ts';
import { projectKeys } from '#lib/store/vault.ts';

/** What the detector of a project is told: its dictionary, what people decided, its paths and its keyed codes. */
export async function redactionConfigOf(
  projectId: string,
  projectSlug: string,
  sourceId: string,
): Promise<{ configFor(trajectoryId: string): RedactionConfig; dictVersion: number }> {
  const [{ entries, version }, keys, source, project] = await Promise.all([
    openEntries(projectId),
    projectKeys(projectSlug),
    db().source.findUniqueOrThrow({ where: { id: sourceId } }),
    db().project.findUniqueOrThrow({ where: { id: projectId } }),
  ]);
  const everywhere = entries.filter((entry) => entry.scope === 'project' && entry.action === 'mask');
  const dictionary = withPatterns(
    compileDictionary(
      everywhere.flatMap(({ id, value, type, mode }) => (mode === 'pattern' ? [] : [{ id, value, type, mode }])),
      version,
    ),
    everywhere.filter(({ mode }) => mode === 'pattern'),
  );
  const scoped = entries.filter((entry) => entry.scope !== 'project' || entry.action === 'keep');
  const configFor = (trajectoryId: string): RedactionConfig => ({
    dictionary,
    pathRules: { mask: source.maskPaths, keep: source.keepPaths },
    decisions: scoped
      .filter((entry) => entry.scope !== 'trajectory' || entry.scopeId === trajectoryId)
      .map((entry) => ({
        unitId: entry.scope === 'unit' ? (entry.scopeId ?? undefined) : undefined,
        action: entry.action,
        type: entry.type,
        value: entry.value,
      })),
    quasi: project.quasiPolicy as RedactionConfig['quasi'],
    keyOf: (type, normalised) => keyedIndex(keys.index, type, normalised),
  });
  return { configFor, dictVersion: version };
}
