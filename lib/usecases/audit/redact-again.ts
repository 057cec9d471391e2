/**
 * The work after a dictionary changed: find the trajectories whose redacted text still holds a new value (or holds a
 * placeholder of a removed one), and redact them again from the vault. Units that nothing touches keep their bytes.
 */
import { EMPTY_DICTIONARY } from '#lib/core/pii/dictionary.ts';
import { leavesOf } from '#lib/core/pii/leaves.ts';
import { withPatterns } from '#lib/core/pii/patterns.ts';
import type { Json } from '#lib/core/trajectory/json.ts';
import { db, pool } from '#lib/store/db.ts';
import { type OpenEntry, openEntries } from '#lib/store/dictionaries.ts';
import { holdTouchedReleases } from '#lib/store/releases.ts';
import { unitsThatHold } from '#lib/store/rule-previews.ts';
import { type Chunk, finishChunk, saveProgress, withFence } from '#lib/store/runs.ts';
import { findUnits } from '#lib/store/units.ts';
import { redactTrajectories } from '../imports/redact-chunk.ts';

const versionOf = (chunk: Chunk): number => Number(chunk.refId.replace('dict:', ''));

/** Marks what is due. Values are looked for as they stand in stored JSON; the search never leaves the database. */
export async function findDue(chunk: Chunk): Promise<void> {
  const version = versionOf(chunk);
  const { entries } = await openEntries(chunk.projectId);
  const changed = await db().dictionaryEntry.findMany({ where: { projectId: chunk.projectId, version } });
  const ids = new Set(changed.filter((entry) => entry.state === 'accepted').map((entry) => entry.id));
  const added = entries.filter((entry) => ids.has(entry.id) && entry.scope === 'project');
  const values = added
    .filter((entry) => entry.mode !== 'pattern' && entry.action === 'mask')
    .map((entry) => JSON.stringify(entry.value).slice(1, -1).toLowerCase());
  const patterns = added.filter((entry) => entry.mode === 'pattern');
  const held = patterns.length > 0 ? await trajectoriesWith(chunk.projectId, patterns) : [];
  // A mask that is released, and one whose term is gone: whatever holds the placeholder is redacted again.
  const removed = [
    ...changed.filter((entry) => entry.state === 'removed').map((entry) => entry.entity),
    ...changed.filter((entry) => entry.state === 'accepted' && entry.action === 'keep').map((entry) => entry.entity),
  ];
  const goneTypes = changed
    .filter((entry) => entry.state === 'removed' && entry.mode === 'pattern')
    .map((entry) => entry.type);
  await withFence(chunk, async (client) => {
    for (const value of values)
      await client.query(
        `UPDATE trajectory t SET redact_due = $3 WHERE t.project_id = $1 AND t.id IN (
           SELECT u.trajectory_id FROM unit u WHERE u.project_id = $1 AND (position($2 IN lower(u.head)) > 0 OR EXISTS (
             SELECT 1 FROM event e WHERE e.project_id = $1 AND e.unit_id = u.id AND position($2 IN lower(e.body)) > 0)))`,
        [chunk.projectId, value, version],
      );
    if (removed.length > 0)
      await client.query(
        `UPDATE trajectory t SET redact_due = $3 WHERE t.project_id = $1 AND t.id IN (
           SELECT u.trajectory_id FROM unit u JOIN placeholder p ON p.project_id = u.project_id AND p.unit_id = u.id
            WHERE u.project_id = $1 AND p.entity = ANY($2))`,
        [chunk.projectId, removed, version],
      );
    if (held.length > 0)
      await client.query('UPDATE trajectory SET redact_due = $3 WHERE project_id = $1 AND id = ANY($2)', [
        chunk.projectId,
        held,
        version,
      ]);
    // Which pattern found a span is not stored: all of its kind that a dictionary found are looked at again.
    if (goneTypes.length > 0)
      await client.query(
        `UPDATE trajectory t SET redact_due = $3 WHERE t.project_id = $1 AND t.id IN (
           SELECT u.trajectory_id FROM unit u JOIN span s ON s.project_id = u.project_id AND s.unit_id = u.id
            WHERE u.project_id = $1 AND s.type = ANY($2) AND s.detector LIKE 'dict:%')`,
        [chunk.projectId, goneTypes, version],
      );
    await finishChunk(client, chunk, [{ stage: 'redact' }]);
  });
}

const SEARCHED_AT_A_TIME = 100;

/** Trajectories of units in which a pattern finds something; RE2 takes time in proportion to the text. */
async function trajectoriesWith(projectId: string, patterns: readonly OpenEntry[]): Promise<string[]> {
  const { search } = withPatterns(EMPTY_DICTIONARY, patterns);
  const found = new Set<string>();
  let after = '';
  for (;;) {
    const page = await unitsThatHold(projectId, null, after, SEARCHED_AT_A_TIME);
    const units = await findUnits(
      projectId,
      page.map(({ id }) => id),
    );
    for (const unit of units)
      if (leavesOf(unit.events as unknown as Json).some((leaf) => search(leaf.text).length > 0))
        found.add(unit.trajectoryId);
    if (page.length < SEARCHED_AT_A_TIME) return [...found];
    after = page.at(-1)!.id;
  }
}

const AT_A_TIME = 20;

/** Redacts what is due until nothing is. */
export async function redactDue(chunk: Chunk, signal: AbortSignal): Promise<void> {
  let done = chunk.progress;
  for (;;) {
    if (signal.aborted) return;
    const due = await pool().query<{ id: string; import_id: string }>(
      'SELECT id, import_id FROM trajectory WHERE project_id = $1 AND redact_due IS NOT NULL ORDER BY import_id, id LIMIT $2',
      [chunk.projectId, AT_A_TIME],
    );
    const importId = due.rows[0]?.import_id;
    if (!importId) break;
    const ids = due.rows.filter((row) => row.import_id === importId).map((row) => row.id);
    done += BigInt(ids.length);
    await redactTrajectories(chunk, importId, ids, done);
  }
  await withFence(chunk, async (client) => {
    await saveProgress(client, chunk, done);
    await holdTouchedReleases(client, chunk.projectId, versionOf(chunk));
    // The first pass masks the unit that was judged; then the rest is looked for.
    await finishChunk(client, chunk, [{ stage: chunk.no === 0 ? 'find' : 'compare' }]);
  });
}
