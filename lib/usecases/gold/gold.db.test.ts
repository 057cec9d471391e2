import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unitOf } from '#lib/core/pair/fixtures.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { closeDb } from '#lib/store/db.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { makeProject, type TestProject } from '#lib/store/testing/project-for-tests.ts';
import { withWorkshop } from '../testing/workshop.ts';
import { showDrift, showScore } from './score-gold.ts';
import { showGold, showGoldUnit } from './show-gold.ts';
import { ruleGold, saveGold } from './write-gold.ts';

const database = withDatabase('worker');
// Its vault takes what a seal says was missed.
withWorkshop(database);
afterAll(closeDb);
let project: TestProject;
let curator: Actor;
let lead: Actor;
const full = { correct: 2, grounded: 2, complete: 1, safe: 2, format: 2 } as const;
const span = (no: number, type: string) => ({
  path: `/events/${no}/parts/0/text`,
  start: 0,
  end: 4,
  type,
  tier: 'auto',
  score: 1,
  detector: 'rule',
  view: 'raw',
  entity: `e${no}`,
  placeholder: `[${type}_1]`,
  decision: 'auto',
});

beforeAll(async () => {
  project = await makeProject(database);
  curator = await project.actor('curator');
  lead = await project.actor('lead');
  await project.addUnits([
    {
      unit: unitOf('one', [{ user: '[PERSON_1] asks for Elm' }, { says: 'Write to [EMAIL_1].' }]),
      tags: { level: 'L1', domain: 'retail', lang: 'en', task: 'question' },
      spans: [span(0, 'PERSON'), span(1, 'EMAIL')],
    },
  ]);
});

describe('a gold unit', () => {
  it('begins as the machine reads it, is proposed by one and sealed by another', async () => {
    const { candidates } = await showGold(curator);
    expect(candidates.map(({ id }) => id)).toEqual(['u_one']);
    const view = await showGoldUnit(curator, 'u_one');
    expect(view.body).toMatchObject({ range: [0, 2], missed: [], wrong: [], tags: { domain: 'retail' } });

    const body = {
      ...view.body,
      range: [0, 1] as [number, number],
      tags: { ...view.body.tags, domain: 'orders' },
      missed: [{ path: '/events/0/parts/0/text', start: 20, end: 23, type: 'PERSON' as const }],
      wrong: [{ no: 1, why: 'not_pii' as const }],
    };
    const draft = { unitId: 'u_one', unitHash: view.unitHash, body };
    await expect(saveGold(curator, { ...draft, stamp: null, rubric: {}, propose: true })).rejects.toMatchObject({
      code: 'invalid',
    });
    const saved = await saveGold(curator, { ...draft, stamp: null, rubric: {}, propose: false });
    await expect(saveGold(lead, { ...draft, stamp: null, rubric: {}, propose: false })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(
      saveGold(curator, { ...draft, unitHash: '0'.repeat(64), stamp: saved.stamp, rubric: full, propose: true }),
    ).rejects.toMatchObject({ code: 'text_changed' });
    const proposed = await saveGold(curator, { ...draft, stamp: saved.stamp, rubric: full, propose: true });
    expect(proposed.version).toBe(1);

    const ruling = { unitId: 'u_one', stamp: proposed.stamp, accept: true, rubric: full };
    await expect(ruleGold(curator, ruling)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ruleGold(lead, { ...ruling, rubric: {} })).rejects.toMatchObject({ code: 'invalid' });
    const seen = await showGoldUnit(lead, 'u_one');
    expect(seen).toMatchObject({ rubric: {}, othersScored: 1 });
    await ruleGold(lead, ruling);
    await expect(ruleGold(lead, ruling)).rejects.toMatchObject({ code: 'already_sealed' });
    // What both agree was missed is masked like a miss of the audit.
    const entries = await database.query<{ type: string; origin: string }>(
      "select type, split_part(origin, ':', 1) as origin from dictionary_entry where project_id = $1",
      [project.projectId],
    );
    expect(entries).toEqual([{ type: 'PERSON', origin: 'gold' }]);
  });

  it('is never sealed by whoever wrote it last', async () => {
    const view = await showGoldUnit(lead, 'u_one');
    expect(view.open).toBeNull();
    const own = await saveGold(lead, {
      unitId: 'u_one',
      unitHash: view.unitHash,
      stamp: null,
      body: { ...view.body, missed: [] },
      rubric: full,
      propose: true,
    });
    expect(own.version).toBe(2);
    await expect(
      ruleGold(lead, { unitId: 'u_one', stamp: own.stamp, accept: true, rubric: full }),
    ).rejects.toMatchObject({ code: 'not_proposer' });
  });

  it('measures the machine by its newest sealed version', async () => {
    const score = await showScore(lead);
    expect(score.units).toBe(1);
    expect(score.bounds).toMatchObject({ matches: 1, marked: 2, gold: 2, errors: [{ unitId: 'u_one' }] });
    expect(score.tags.find(({ name }) => name === 'domain')).toMatchObject({
      right: 0,
      errors: [{ unitId: 'u_one', machine: 'retail', gold: 'orders' }],
    });
    // Two masks, one of them no personal data; two true spans, one of them missed.
    expect(score.spans.map(({ name, matches, marked, gold }) => [name, matches, marked, gold])).toEqual([
      ['All kinds', 1, 2, 2],
      ['EMAIL', 0, 1, 0],
      ['PERSON', 1, 1, 2],
    ]);
  });

  it('shows what a change of rules did: the same gold, the machine then and now', async () => {
    const domain = async () => (await showDrift(curator)).rows.find(({ name }) => name === 'domain')!;
    expect(await showDrift(curator)).toMatchObject({ units: 1, changed: 0 });
    expect(await domain()).toMatchObject({ before: { value: 0 }, now: { value: 0 } });
    await database.query(`update unit set domain = 'orders' where id = 'u_one'`);
    expect((await showDrift(curator)).changed).toBe(1);
    expect(await domain()).toMatchObject({ before: { value: 0 }, now: { value: 1 } });
    const masks = async () => (await showDrift(curator)).rows.find(({ name }) => name === 'Masks, right')!;
    expect((await masks()).now.value).toBe(0.5);
    // Gold says that the second mask is none; a machine that no longer makes it is right in all it makes.
    await database.query(`delete from span where unit_id = 'u_one' and no = 1`);
    expect(await masks()).toMatchObject({ before: { value: 0.5 }, now: { value: 1 } });
  });
});
