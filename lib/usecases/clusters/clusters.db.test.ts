import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterRows } from '#lib/core/dedup/cluster.ts';
import { unitText } from '#lib/core/dedup/unit-text.ts';
import { unitOf } from '#lib/core/pair/fixtures.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { seededRandom } from '#lib/core/stats/random.ts';
import { closeDb, inTransaction } from '#lib/store/db.ts';
import { createRun, takeChunk } from '#lib/store/runs.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { makeProject, type TestProject } from '#lib/store/testing/project-for-tests.ts';
import { compareUnits } from './compare-units.ts';
import { pickForCluster, showCluster, showClusters } from './show-clusters.ts';

const database = withDatabase('web');
afterAll(closeDb);
let project: TestProject;
let curator: Actor;

const chance = seededRandom(3);
const word = () => String(Math.floor(chance() * 400)).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!);
const sentence = (length: number) => Array.from({ length }, word);
const units = Array.from({ length: 40 }, (_, family) => sentence(20 + family)).flatMap((said, family) =>
  Array.from({ length: 1 + (family % 3) }, (_, n) => {
    const asks = said.with(2 * n, word()).join(' ');
    return unitOf(`f${family}n${n}`, [{ user: asks }, { says: 'An answer.' }]);
  }),
);

async function compare(): Promise<void> {
  const { projectId } = project;
  const chunks = [{ stage: 'compare' }];
  await inTransaction((tx) => createRun(tx, { projectId, kind: 'import', refId: 'x', createdBy: null, chunks }));
  await compareUnits((await takeChunk('test'))!, new AbortController().signal);
}
const stored = async (side = 'prompt') =>
  new Map(
    (
      await database.query<{ unit_id: string; cluster_id: string }>(
        'select unit_id, cluster_id from near_duplicate where side = $1',
        [side],
      )
    ).map((row) => [row.unit_id, row.cluster_id]),
  );
const expected = (of: typeof units) => clusterRows(of.map((unit) => ({ id: unit.id, text: unitText(unit, 'prompt') })));
const sorted = (map: ReadonlyMap<string, string>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

beforeAll(async () => {
  project = await makeProject(database);
  curator = await project.actor('curator');
});

describe('near-duplicates', () => {
  it('are known as units arrive, and are those that a comparison of all would find', async () => {
    for (const part of [units.slice(0, 20), units.slice(20, 21), units.slice(21)]) {
      await project.addUnits(part.map((unit) => ({ unit })));
      await compare();
    }
    expect(sorted(await stored())).toEqual(sorted(expected(units)));
    expect((await stored('row')).size).toBe(units.length);
    const view = await showClusters(curator, 'prompt');
    expect(view).toMatchObject({ compared: units.length, waiting: 0, total: 26 });
    expect(view.clusters[0]!.size).toBe(3);
  });
  it('are compared anew when a text was masked again or taken away', async () => {
    const [, middle] = units.filter(({ id }) => id.startsWith('u_f20n'));
    const gone = units.filter(({ id }) => id.startsWith('u_f5n'))[0]!;
    const other = {
      ...middle!,
      events: unitOf('f20n1', [{ user: sentence(30).join(' ') }, { says: 'Other.' }]).events,
    };
    await project.addUnits([{ unit: other }]);
    await database.query('update unit set withdrawn_at = now() where id = $1', [gone.id]);
    expect((await showClusters(curator, 'prompt')).waiting).toBe(1);
    await compare();
    const now = units.filter(({ id }) => id !== gone.id).map((unit) => (unit.id === other.id ? other : unit));
    expect(sorted(await stored())).toEqual(sorted(expected(now)));
  });
  it('show their members with the one that stays first; a choice by hand wins', async () => {
    const cluster = (await stored()).get('u_f38n1')!;
    const before = await showCluster(curator, 'prompt', cluster, 'longest');
    expect(before.members.map(({ id }) => id)).toHaveLength(3);
    expect(before.kept).toEqual([before.members[0]!.id]);
    expect(before.texts).toHaveLength(3);
    await pickForCluster(curator, { side: 'prompt', unitId: 'u_f38n2', keep: true });
    expect((await showCluster(curator, 'prompt', cluster, 'longest')).kept).toEqual(['u_f38n2']);
    await pickForCluster(curator, { side: 'prompt', unitId: 'u_f38n1', keep: true });
    expect((await showCluster(curator, 'prompt', cluster, 'newest')).kept).toEqual(['u_f38n1']);
    await pickForCluster(curator, { side: 'prompt', unitId: 'u_f38n1', keep: false });
    expect((await showCluster(curator, 'prompt', cluster, 'longest')).kept).toEqual(before.kept);
    await expect(pickForCluster(curator, { side: 'prompt', unitId: 'none', keep: true })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(
      pickForCluster(await project.actor('reviewer'), { side: 'prompt', unitId: 'u_f38n1', keep: true }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});
