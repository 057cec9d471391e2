import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unitOf } from '#lib/core/pair/fixtures.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { closeDb } from '#lib/store/db.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { makeProject, type TestProject } from '#lib/store/testing/project-for-tests.ts';
import { correctTags } from './correct-tags.ts';
import { readFilter, showTags } from './show-tags.ts';
import { applyModel, trainTags } from './train-tags.ts';

const database = withDatabase('web');
afterAll(closeDb);
let project: TestProject;
let curator: Actor;

const SAID = { billing: 'invoice charge subscription', travel: 'flight hotel boarding', health: 'doctor symptom dose' };
const word = (words: string, n: number) => words.split(' ')[n % 3]!;
const asked = (name: string, text: string) => unitOf(name, [{ user: text }, { says: 'Answer' }]);
const units = Object.values(SAID).flatMap((words, kind) =>
  Array.from({ length: 14 }, (_, n) =>
    asked(`k${kind}n${n}`, `about the ${word(words, n)} and a ${word(words, n + 1)} thanks`),
  ),
);
const unknown = { level: 'L0', domain: 'unknown', origin: { domain: 'rule:domain@1' } };
const tagsOf = (id: string) =>
  database.query<{ value: string; origin: string }>(
    "select value, origin from tag where unit_id = $1 and name = 'domain'",
    [id],
  );

beforeAll(async () => {
  project = await makeProject(database);
  curator = await project.actor('curator');
  await project.addUnits(units.map((unit) => ({ unit, tags: unknown })));
});

describe('tags', () => {
  const idsOf = (kind: number, from: number, to: number) =>
    units
      .filter(({ id }) => id.startsWith(`u_k${kind}n`))
      .slice(from, to)
      .map(({ id }) => id);
  it('are corrected many at once, and say who said so; the correction outlives a new reading', async () => {
    for (const [kind, value] of Object.keys(SAID).entries())
      expect(await correctTags(curator, { tag: 'domain', value, unitIds: idsOf(kind, 0, 10) })).toEqual({ units: 10 });
    const [id] = idsOf(0, 0, 1) as [string];
    expect(await tagsOf(id)).toEqual([{ value: 'billing', origin: 'person' }]);
    await project.addUnits([{ unit: units.find((unit) => unit.id === id)!, tags: unknown }]);
    expect(await tagsOf(id)).toEqual([{ value: 'billing', origin: 'person' }]);
    expect((await database.query<{ domain: string }>('select domain from unit where id = $1', [id]))[0]).toEqual({
      domain: 'billing',
    });
  });
  it('are nobody else’s to set, and only on units that are there', async () => {
    const change = { tag: 'domain' as const, value: 'billing', unitIds: ['u_none'] };
    await expect(correctTags(curator, change)).rejects.toMatchObject({ code: 'not_found' });
    await expect(correctTags(await project.actor('reviewer'), change)).rejects.toMatchObject({ code: 'forbidden' });
  });
  it('teach a classifier that shows how often it is right, and fills what no rule could tell', async () => {
    await expect(trainTags(curator, { tag: 'task' })).rejects.toMatchObject({
      code: 'invalid',
      details: { labelled: 0 },
    });
    const { version, accuracy } = await trainTags(curator, { tag: 'domain' });
    expect(version).toBe(1);
    expect(accuracy).toMatchObject({ labelled: 30 });
    expect(accuracy.right.value).toBeGreaterThan(0.9);
    const grid = await showTags(curator, { tag: 'domain', want: 'travel', filter: readFilter({}) });
    expect(
      grid.cards
        .map(({ unitId }) => unitId)
        .slice(0, 4)
        .toSorted(),
    ).toEqual(idsOf(1, 10, 14).toSorted());
    expect(grid.cards[0]!.suggestion).toMatchObject({ label: 'travel' });
    expect(await applyModel(curator, { tag: 'domain' })).toEqual({ looked: 12, set: 12 });
    expect(await tagsOf(idsOf(1, 10, 11)[0]!)).toEqual([{ value: 'travel', origin: 'model:domain@1' }]);
    expect(grid.model).toMatchObject({ version: 1 });
    const { values } = await showTags(curator, { tag: 'domain', unknown: true, filter: readFilter({}) });
    expect(values.map(({ units: of, byPeople, byModel }) => [of, byPeople, byModel])).toEqual([
      [14, 10, 4],
      [14, 10, 4],
      [14, 10, 4],
    ]);
  });
});
