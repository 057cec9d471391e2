import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unitOf } from '#lib/core/pair/fixtures.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { closeDb } from '#lib/store/db.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { makeProject } from '#lib/store/testing/project-for-tests.ts';
import { setTargets, showCoverage } from './show-coverage.ts';
import { showMix } from './show-mix.ts';

const database = withDatabase('web');
afterAll(closeDb);
let lead: Actor;
let curator: Actor;

beforeAll(async () => {
  const project = await makeProject(database);
  lead = await project.actor('lead');
  curator = await project.actor('curator');
  const asked = (name: string) => unitOf(name, [{ user: `Question ${name}` }, { says: 'Answer' }]);
  await project.addUnits([
    { unit: asked('a'), tags: { level: 'L0', domain: 'travel', lang: 'en', tokens: 10 } },
    { unit: asked('b'), tags: { level: 'L0', domain: 'travel', lang: 'und', tokens: 5 } },
    { unit: asked('c'), tags: { level: 'L3', domain: 'retail', lang: 'en', tokens: 5 } },
  ]);
});

describe('coverage', () => {
  it('counts units by every axis and leaves unknown as unknown', async () => {
    const view = await showCoverage(curator);
    expect(view).toMatchObject({ rows: 3, tokens: 20, targets: null });
    const mix = Object.fromEntries(
      view.mixes.map(({ axis, cells }) => [axis, cells.map((one) => [one.value, one.rows])]),
    );
    expect(mix).toMatchObject({
      level: [
        ['L0', 2],
        ['L3', 1],
      ],
      language: [
        ['en', 2],
        ['unknown', 1],
      ],
      outcome: [['unknown', 3]],
    });
  });

  it('measures against the newest version of the targets, which leads alone set, one after the other', async () => {
    const targets = [{ at: { level: 'L3', domain: 'retail' }, rows: 4 }];
    await expect(setTargets(curator, { name: 'Mix', base: null, targets })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await setTargets(lead, { name: 'Mix', base: null, targets })).toEqual({ version: 1 });
    await expect(setTargets(lead, { name: 'Mix', base: null, targets })).rejects.toMatchObject({ code: 'conflict' });
    await expect(setTargets(lead, { name: 'Mix', base: 1, targets: [...targets, ...targets] })).rejects.toMatchObject({
      code: 'invalid',
    });
    const { targets: shown } = await showCoverage(lead);
    expect(shown).toMatchObject({ version: 1, states: [{ rows: 1, state: 'under', missing: 3 }] });
  });

  it('may want a cell of any axes, and shows the mix by any two of them, as a table and over imports', async () => {
    const at = { level: 'L0', language: 'en', tool: 'none' };
    await setTargets(lead, { name: 'Mix', base: 1, targets: [{ at, rows: 3 }] });
    await database.query("update import set state = 'done'");
    const view = await showMix(curator, { row: 'level', column: 'language' });
    expect(view.map.rows).toEqual(['L0', 'L3']);
    expect(view.map.columns).toEqual(['en', 'unknown']);
    expect(view.table).toMatchObject({ total: 3, thin: 3 });
    expect(view.release).toBeNull();
    expect(view.trend).toMatchObject([{ units: 3, hard: 1 / 3, unknownDomain: 0, moved: null }]);
    expect(view.diversity).toMatchObject({ sampled: 3, rows: 3, clusterShares: { compared: 0 } });
    expect(view.diversity!.vendi).toBeGreaterThan(1);
    expect((await showCoverage(lead)).targets!.states).toMatchObject([{ rows: 1, missing: 2 }]);
  });
});
