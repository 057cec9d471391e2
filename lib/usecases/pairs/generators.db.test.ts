import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Line, unitOf } from '#lib/core/pair/fixtures.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { closeDb, inTransaction } from '#lib/store/db.ts';
import { findPairs, refusalsOf } from '#lib/store/pairs.ts';
import { createRun, takeChunk } from '#lib/store/runs.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { makeProject, type TestProject } from '#lib/store/testing/project-for-tests.ts';
import { decideGenerator, proposeGenerator, showGenerators } from './generators.ts';
import { readPairsById } from './pair-content.ts';
import { proposePairsOf } from './propose-pairs.ts';

const database = withDatabase('web');
afterAll(closeDb);
let project: TestProject;
let curator: Actor;
let leads: Actor[];

const run = (name: string, ...more: Line[]) =>
  unitOf(
    name,
    [
      { user: `Look up order ${name} and cancel it.` },
      { calls: 'get_order', with: { id: '[RECORD_ID_1]' }, valid: true },
      { gets: 'open' },
      { calls: 'cancel_order', with: { id: '[RECORD_ID_1]' }, valid: true },
      { gets: 'done' },
      ...more,
    ],
    { value: 'success', basis: 'verifier' },
  );

beforeAll(async () => {
  project = await makeProject(database);
  curator = await project.actor('curator');
  leads = [await project.actor('lead'), await project.actor('lead')];
  const edited = (n: number) =>
    unitOf(`e${n}`, [
      { user: `How do I return article ${'abcdefghij'[n]}?` },
      { says: 'Send it back to the shop in the box.' },
      { feedback: { signal: 'edit', value: 'Send it back to the shop in its box, with the slip.' }, on: 1 },
    ]);
  await project.addUnits([
    ...Array.from({ length: 10 }, (_, n) => ({ unit: edited(n) })),
    ...['one', 'two', 'three', 'four'].map((name) => ({ unit: run(name, { says: 'Done.' }) })),
  ]);
});

async function find(): Promise<void> {
  const { projectId } = project;
  const chunks = [{ stage: 'find' }];
  await inTransaction((tx) => createRun(tx, { projectId, kind: 'pairs', refId: 'pairs', createdBy: null, chunks }));
  await proposePairsOf((await takeChunk('test'))!, new AbortController().signal);
}
const synthetic = () =>
  database.query<{ id: string; state: string }>(`select id, state from pair where source = 'synthetic' order by id`);

describe('synthetic negatives', () => {
  let id = '';
  it('are not made by a generator that nobody but its proposer wants', async () => {
    ({ id } = await proposeGenerator(leads[0]!, { name: 'tools', rule: 'wrong_tool', capShare: 0.2 }));
    await expect(decideGenerator(curator, { id, decision: 'approve' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(decideGenerator(leads[0]!, { id, decision: 'approve' })).rejects.toMatchObject({
      code: 'not_proposer',
    });
    await find();
    expect(await synthetic()).toEqual([]);
  });
  it('once another lead approved it they are made up to the cap, and read as the log has them', async () => {
    expect(await decideGenerator(leads[1]!, { id, decision: 'approve' })).toEqual({ state: 'approved' });
    await expect(decideGenerator(leads[1]!, { id, decision: 'refuse' })).rejects.toMatchObject({ code: 'conflict' });
    await find();
    // Ten edits are real: two beside them are a sixth of the whole, three would be over a fifth.
    const made = await synthetic();
    expect(made).toHaveLength(2);
    const [row] = await findPairs(project.projectId, [made[0]!.id]);
    expect(row).toMatchObject({ strength: 'synthetic', candidate: { generator: { name: 'tools', version: 1 } } });
    const content = (await readPairsById(project.projectId, [made[0]!.id]))[0]?.content;
    expect(content).toBeDefined();
    expect(JSON.stringify(content!.a.events)).not.toBe(JSON.stringify(content!.b.events));
  });
  it('a retired generator takes its pairs along; a new version asks anew', async () => {
    await decideGenerator(leads[0]!, { id, decision: 'retire' });
    await find();
    expect((await synthetic()).map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn']);
    expect(await proposeGenerator(curator, { name: 'tools', rule: 'acts_early', capShare: 0.1 })).toMatchObject({
      version: 2,
    });
    expect((await showGenerators(curator)).map(({ version, state, isMine }) => [version, state, isMine])).toEqual([
      [2, 'proposed', true],
      [1, 'retired', false],
    ]);
  });
  it('what gave no pair is kept with its reason', async () => {
    await project.addUnits([
      {
        unit: unitOf('x', [
          { user: 'What now?' },
          { says: 'Wait.' },
          { feedback: { signal: 'edit', value: ' ' }, on: 1 },
        ]),
      },
    ]);
    await find();
    expect(await refusalsOf(project.projectId)).toContainEqual(
      expect.objectContaining({ source: 'edit', why: 'edit_empty', count: 1, examples: [['u_x']] }),
    );
  });
});
