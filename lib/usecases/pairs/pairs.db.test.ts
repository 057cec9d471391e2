import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unitOf } from '#lib/core/pair/fixtures.ts';
import { comesBackSwapped, leftSide } from '#lib/core/pair/order.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import type { Payload } from '#lib/core/review/verdict.ts';
import { closeDb, inTransaction } from '#lib/store/db.ts';
import { usablePairs } from '#lib/store/pairs.ts';
import { createRun, takeChunk } from '#lib/store/runs.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { makeProject, type TestProject } from '#lib/store/testing/project-for-tests.ts';
import { wordsOfEvent } from '#lib/store/units.ts';
import { claimForDesk } from '../queues/claim-for-desk.ts';
import { EFFECTS } from '../queues/effects.ts';
import { recordDecision } from '../queues/record-decision.ts';
import { editPair } from './edit-pair.ts';
import { readPairsById } from './pair-content.ts';
import type { PairItem } from './pair-queue.ts';
import { makePairQueue } from './pair-queue.ts';
import { batchesOf, proposePairsOf } from './propose-pairs.ts';
import { showPairs } from './show-pairs.ts';

const database = withDatabase('web');
afterAll(closeDb);
let project: TestProject;
let lead: Actor;
let curator: Actor;

const asked = 'Where is my parcel?';
const judged = (name: string, answer: string, good: boolean) =>
  unitOf(name, [
    { user: asked },
    { says: answer },
    { feedback: { signal: 'thumb', value: good ? 'up' : 'down' }, on: 1 },
  ]);

async function find(): Promise<void> {
  await inTransaction((tx) =>
    createRun(tx, {
      projectId: project.projectId,
      kind: 'pairs',
      refId: 'pairs',
      createdBy: null,
      chunks: [{ stage: 'find' }],
    }),
  );
  const chunk = await takeChunk('test');
  await proposePairsOf(chunk!, new AbortController().signal);
}
const pairs = () =>
  database.query<{ id: string; state: string; strength: string; label: { chosen: string | null } | null }>(
    'select id, state, strength, label from pair order by id',
  );
const claim = async (queueId: string): Promise<PairItem[]> => {
  const claimed = await claimForDesk(curator, queueId, { want: 5, have: [] });
  return claimed.kind === 'pair' ? claimed.items : [];
};
const decide = (item: PairItem, payload: Payload) =>
  recordDecision(
    curator,
    {
      taskId: item.id,
      idempotencyKey: crypto.randomUUID(),
      claimToken: item.claimToken,
      unitHash: item.subjectHash,
      payload,
      activeMs: 900,
    },
    EFFECTS,
  );

beforeAll(async () => {
  project = await makeProject(database);
  lead = await project.actor('lead');
  curator = await project.actor('curator');
  await project.addUnits([
    { unit: judged('good', 'It is on its way and arrives tomorrow.', true) },
    { unit: judged('bad', 'No idea.', false) },
    {
      unit: unitOf('edited', [
        { user: 'How do I return it?' },
        { says: 'Send it back to the shop in the box.' },
        { feedback: { signal: 'edit', value: 'Send it back to the shop in its box, with the slip.' }, on: 1 },
      ]),
    },
  ]);
});

describe('pairs', () => {
  it('are found once, whoever looks again', async () => {
    await find();
    const first = await pairs();
    await find();
    expect(await pairs()).toEqual(first);
    expect(first.map(({ state }) => state)).toEqual(['candidate', 'candidate']);
    const { counts, balance } = await showPairs(curator);
    expect(counts.map(({ source, found }) => [source, found])).toEqual([
      ['edit', 1],
      ['thumbs_pair', 1],
    ]);
    expect(balance?.n).toBe(2);
  });

  it('stand in a blind queue, carry the choice, and lose it when it is taken back', async () => {
    const { queueId, pairs: queued } = await makePairQueue(lead, {
      name: 'All',
      sources: ['edit', 'thumbs_pair'],
      limit: 9,
    });
    expect(queued).toBe(2);
    await expect(makePairQueue(lead, { name: 'Again', sources: ['edit'], limit: 9 })).rejects.toMatchObject({
      code: 'invalid',
    });
    const items = await claim(queueId);
    expect(items).toHaveLength(2);
    const item = items.find(({ source }) => source === 'thumbs_pair')!;
    const [queue] = await database.query<{ seed: string }>('select seed from queue');
    expect(item.leftIs).toBe(leftSide(queue!.seed, item.subjectId, curator.personId!));
    expect(item.prompt.events).toHaveLength(1);

    const verdict = { kind: 'pair', strength: -2, bothBad: false, left: item.leftIs, reasons: ['grounded'] } as const;
    await expect(
      decide(item, { ...verdict, left: item.leftIs === 'a' ? 'b' : 'a', reasons: [] }),
    ).rejects.toMatchObject({ code: 'invalid' });
    const { id } = await decide(item, { ...verdict, reasons: ['grounded'] });
    const [row] = (await pairs()).filter(({ id: pairId }) => pairId === item.subjectId);
    expect(row).toMatchObject({
      state: 'labelled',
      label: { chosen: item.leftIs, margin: 2, reasons: ['grounded'], left: item.leftIs, decisionId: id },
    });

    await decide(item, { kind: 'undo', of: id });
    expect((await pairs()).find(({ id: pairId }) => pairId === item.subjectId)).toMatchObject({
      state: 'candidate',
      label: null,
    });

    const [again] = (await claim(queueId)).filter(({ source }) => source === 'thumbs_pair');
    await decide(again!, { kind: 'pair', strength: 0, bothBad: false, left: again!.leftIs, reasons: [] });
    expect((await pairs()).find(({ id: pairId }) => pairId === item.subjectId)?.state).toBe('tie');
    // A tie is never a row; the strong edit is one also without a label.
    expect((await usablePairs(project.projectId, 10)).map(({ source }) => source)).toEqual(['edit']);
  });

  it('are rewritten: the text is a chosen side of its own, the answer as it stood the rejected one; undo withdraws it', async () => {
    await database.query(`update pair set state = 'candidate', label = null where state = 'tie'`);
    const { queueId } = await makePairQueue(lead, { name: 'Edits', sources: ['thumbs_pair'], limit: 9 });
    const [item] = await claim(queueId);
    const ask = { taskId: item!.id, claimToken: item!.claimToken, side: 'a' as const };
    for (const [text, fault] of [
      ['It is on its way and arrives tomorrow.', 'unchanged'],
      ['Ask [PERSON_7] about it.', 'placeholder'],
      ['Write to mara.quist@tallow.example about it.', 'personal_data'],
    ] as const)
      await expect(editPair(curator, { ...ask, text })).rejects.toMatchObject({ code: 'invalid', details: { fault } });
    await expect(editPair(lead, { ...ask, text: 'Tomorrow.' })).rejects.toMatchObject({ code: 'claim_lost' });
    const { editId } = await editPair(curator, { ...ask, text: 'It is on its way: it arrives tomorrow by noon.' });
    const left = item!.leftIs;
    const verdict = { kind: 'pair', strength: left === 'a' ? -1 : 1, bothBad: false, left, reasons: [] } as const;
    const { id } = await decide(item!, { ...verdict, reasons: [], edit: editId });
    const [edited] = await readPairsById(project.projectId, [editId]);
    expect(edited!.pair).toMatchObject({ state: 'labelled', source: 'edit', label: { chosen: 'a' } });
    expect(edited!.content.a.events.map(wordsOfEvent)).toEqual(['It is on its way: it arrives tomorrow by noon.']);
    expect(edited!.content.b.events.map(wordsOfEvent)).toEqual(['It is on its way and arrives tomorrow.']);
    await decide(item!, { kind: 'undo', of: id });
    expect((await pairs()).find((row) => row.id === editId)?.state).toBe('withdrawn');
    const [again] = await claim(queueId);
    await decide(again!, { kind: 'pair', strength: 0, bothBad: false, left: again!.leftIs, reasons: [] });
    await database.query('delete from pair where id = $1', [editId]);
  });

  it('come back swapped to the same person alone, and what is chosen then labels nothing', async () => {
    const [row] = await database.query<{ id: string }>(`select id from pair where source = 'thumbs_pair'`);
    // A seed under which this pair comes back to this person.
    const seed = Array.from({ length: 2000 }, (_, at) => `seed ${at}`).find((one) =>
      comesBackSwapped(one, row!.id, curator.personId!),
    )!;
    await database.query(`update pair set state = 'candidate', label = null where id = $1`, [row!.id]);
    const { queueId } = await makePairQueue(lead, { name: 'Twice', sources: ['thumbs_pair'], limit: 9 });
    await database.query('update queue set seed = $2 where id = $1', [queueId, seed]);
    const [first] = await claim(queueId);
    const choose = (item: PairItem, strength: -1 | 1) =>
      decide(item, { kind: 'pair', strength, bothBad: false, left: item.leftIs, reasons: [] });
    await choose(first!, -1);
    const other = await claimForDesk(lead, queueId, { want: 5, have: [] });
    expect(other.items).toEqual([]);
    const [second] = await claim(queueId);
    expect(second).toMatchObject({ subjectId: first!.subjectId });
    expect(second!.leftIs).not.toBe(first!.leftIs);
    await choose(second!, -1);
    expect((await pairs()).find(({ id }) => id === row!.id)?.label).toMatchObject({ chosen: first!.leftIs });
    expect((await showPairs(curator)).consistency).toMatchObject({ n: 1, value: 0 });
    await database.query(`update pair set state = 'tie', label = null where id = $1`, [row!.id]);
  });

  it('are withdrawn when their unit says something else now', async () => {
    await project.addUnits([{ unit: unitOf('edited', [{ user: 'How do I return it?' }, { says: 'By post.' }]) }]);
    await find();
    expect((await pairs()).map(({ state }) => state).sort()).toEqual(['tie', 'withdrawn']);
  });

  it('are looked for in batches that never part one question', () => {
    const heads = Array.from({ length: 3000 }, (_, at) => ({
      id: `u${at}`,
      title: `q${Math.floor(at / 700)}`,
      bytes: 1,
    }));
    expect(batchesOf(heads).map((batch) => batch.length)).toEqual([700, 700, 700, 900]);
    expect(batchesOf([{ id: 'u', title: 'q', bytes: 1e9 }])).toEqual([['u']]);
  });
});
