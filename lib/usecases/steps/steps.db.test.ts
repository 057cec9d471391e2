import { beforeAll, describe, expect, it } from 'vitest';
import { KEEP_RULES } from '#lib/core/dedup/keep.ts';
import { stepMarksOf } from '#lib/store/steps.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { findUnit } from '#lib/store/units.ts';
import { draftRows, type UnitToRelease } from '../releases/draft-rows.ts';
import { upload, withWorkshop, workUntilIdle } from '../testing/workshop.ts';
import { markSteps, showSteps, showStepUnits } from './mark-steps.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);
const call = (id: string, name: string, args: object) => ({
  role: 'assistant',
  content: '',
  tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(args) } }],
});
const LOG = {
  id: 'run',
  messages: [
    { role: 'user', content: 'Is the small tent in stock?' },
    call('c1', 'find_shop', { near: 'the river' }),
    { role: 'tool', tool_call_id: 'c1', content: '{"error":"no such shop"}' },
    call('c2', 'count_stock', { item: 'small tent' }),
    { role: 'tool', tool_call_id: 'c2', content: '{"left":4}' },
    { role: 'assistant', content: 'Yes, there are four left.' },
  ],
};
let unitId: string;

beforeAll(async () => {
  await upload(shop.as.operator, shop.sourceId, Buffer.from(`${JSON.stringify(LOG)}\n`));
  await workUntilIdle();
  unitId = (await showStepUnits(shop.as.curator))[0]!.id;
});

describe('steps of a run', () => {
  it('are what the model said and called, unmarked at first', async () => {
    const view = await showSteps(shop.as.curator, unitId);
    const kinds = view.unit.events.filter(({ id }) => view.steps.includes(id)).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['tool_call', 'assistant']));
    expect(view.marks).toEqual([]);
  });

  it('are marked by curators and leads; marks replace what was there, and only steps can be marked', async () => {
    const { unitHash, steps, unit } = await showSteps(shop.as.curator, unitId);
    const marks = [
      { eventId: steps[0]!, mark: 'mistake' as const },
      { eventId: steps[1]!, mark: 'recovery' as const },
    ];
    await markSteps(shop.as.curator, { unitId, unitHash, marks: [{ eventId: steps[1]!, mark: 'good' }] });
    await markSteps(shop.as.lead, { unitId, unitHash, marks });
    expect((await showSteps(shop.as.curator, unitId)).marks).toHaveLength(2);
    expect((await showStepUnits(shop.as.curator))[0]!.marked).toBe(2);
    await expect(markSteps(shop.as.reviewer, { unitId, unitHash, marks })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(markSteps(shop.as.curator, { unitId, unitHash: 'a'.repeat(64), marks })).rejects.toMatchObject({
      code: 'text_changed',
    });
    const asked = unit.events.find(({ kind }) => kind === 'user')!;
    await expect(
      markSteps(shop.as.curator, { unitId, unitHash, marks: [{ eventId: asked.id, mark: 'good' }] }),
    ).rejects.toMatchObject({ code: 'invalid' });
  });

  it('become the training flag of the row: a mistake stays as context, its recovery is trained on', async () => {
    const unit = (await findUnit(shop.projectId, unitId))!;
    const marks = (await stepMarksOf(shop.projectId, [unitId])).get(unitId)!;
    const row: UnitToRelease = {
      unit,
      marks,
      importId: 'i',
      level: 'L1',
      lang: 'en',
      domain: 'shop',
      trajectoryId: 't',
      rootId: 'r',
      personKey: null,
      taskKey: null,
      sessionKey: null,
      startedAt: null,
      tokens: 20,
      outcome: 'success',
      outcomeBasis: 'log',
    };
    const { drafts } = draftRows({
      releaseId: 'release',
      key: new Uint8Array(32),
      includes: ['sft'],
      units: [row],
      pairs: [],
      gold: new Set(),
      namesOf: () => new Map(),
      generators: new Map(),
      keep: KEEP_RULES[0],
      picked: new Set(),
    });
    const made = drafts[0]!.make({ id: 'x', split: 'train', group: 'g' });
    if (!('row' in made) || !('messages' in made.row)) throw new Error('no row was made');
    const answers = made.row.messages.filter((message) => message.role === 'assistant');
    expect(answers.map((message) => message.role === 'assistant' && message.train)).toEqual([
      false,
      undefined,
      undefined,
    ]);
  });
});
