import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Actor } from '#lib/core/policy/actor.ts';
import type { Mark, Payload } from '#lib/core/review/verdict.ts';
import { atPointer } from '#lib/core/trajectory/pointer.ts';
import { verifyLedger } from '#lib/store/ledger.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { openDictionary } from '#lib/store/vault.ts';
import { EFFECTS } from '../queues/effects.ts';
import { recordDecision } from '../queues/record-decision.ts';
import { sweepDatabase } from '../testing/sweep.ts';
import { upload, withWorkshop, workUntilIdle } from '../testing/workshop.ts';
import { drawSample } from './draw-sample.ts';
import { sealPlan, showPlanRisk, showSealed } from './residual-risk.ts';
import { type AuditItem, claimAuditItems } from './show-item.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);

/** A name that no rule knows: it reads as a word of a product line. */
const HIDDEN = 'Zwirnfalter';
const talk = (id: string, asked: string, answered: string) =>
  JSON.stringify({
    id,
    messages: [
      { role: 'user', content: asked },
      { role: 'assistant', content: answered },
    ],
  });
const LOG = [
  talk('a', `Is the ${HIDDEN} file ready for the meeting?`, 'Yes, it is ready.'),
  talk('b', 'Which tent is the lightest?', `The lightest one weighs 900 g, see the ${HIDDEN} sheet.`),
  talk('c', 'How do I wash a rain jacket?', 'Wash it cold and do not spin it.'),
  talk('d', 'Does the stove fit the pot?', 'Yes, it does.'),
];

type Held = { item: AuditItem; actor: Actor };
const CLEAN: Payload = { kind: 'audit', verdict: 'clean', leaks: [], wrongMasks: [] };
const decide = ({ item, actor }: Held, payload: Payload, token = item.claimToken) =>
  recordDecision(
    actor,
    {
      taskId: item.id,
      idempotencyKey: randomUUID(),
      claimToken: token,
      unitHash: item.subjectHash,
      payload,
      activeMs: 4000,
    },
    EFFECTS,
  );

/** Where the text of an item holds a value. */
function markOf(item: AuditItem, value: string): Mark | undefined {
  for (const [at, event] of item.unit.events.entries())
    for (const [part] of event.parts.entries()) {
      const path = `/events/${at}/parts/${part}/text`;
      const text = atPointer(item.unit, path);
      const start = typeof text === 'string' ? text.indexOf(value) : -1;
      if (start >= 0) return { path, start, end: start + value.length, type: 'PERSON', scope: 'trajectory' };
    }
  return undefined;
}

const unitsThatHold = async (value: string) =>
  (
    await database.query<{ unit_id: string }>(
      'select distinct unit_id from event where position($1 in body) > 0 order by 1',
      [value],
    )
  ).map((row) => row.unit_id);
const hashes = async () =>
  new Map(
    (await database.query<{ id: string; hash: string }>('select id, hash from unit where withdrawn_at is null')).map(
      ({ id, hash }) => [id, hash] as const,
    ),
  );

describe('a missed name', () => {
  let queueId: string;
  let held: Held[];
  let first: Held;
  let mark: Mark;
  let decisionId: string;
  let before: Map<string, string>;

  it('is in two units after an import, and in a sample drawn of all with its probability', async () => {
    await upload(shop.as.operator, shop.sourceId, Buffer.from(`${LOG.join('\n')}\n`));
    await workUntilIdle();
    expect(await unitsThatHold(HIDDEN)).toHaveLength(2);
    before = await hashes();
    const drawn = await drawSample(shop.as.lead, { name: 'first look', sampleSize: 4, design: 'random' });
    expect(drawn).toMatchObject({ frameUnits: 4, units: 4 });
    queueId = drawn.queueId;
    const tasks = await database.query<{ pi: number }>('select pi from task where queue_id = $1', [queueId]);
    expect(tasks.every(({ pi }) => pi === 1)).toBe(true);
    const frozen = await database.query('select 1 from frozen_unit');
    expect(frozen).toHaveLength(4);
  });

  it('is marked by offsets; with the verdict it stands in the dictionary, its value in the vault alone', async () => {
    const { items } = await claimAuditItems(shop.as.reviewer, queueId, { want: 4, have: [] });
    held = items.map((item) => ({ item, actor: shop.as.reviewer }));
    first = held.find(({ item }) => markOf(item, HIDDEN))!;
    mark = markOf(first.item, HIDDEN)!;
    const decided = await decide(first, { kind: 'audit', verdict: 'leaky', leaks: [mark], wrongMasks: [] });
    decisionId = decided.id;
    const [entry] = await database.query<{ id: string; type: string; scope: string; state: string; version: number }>(
      'select id, type, scope, state, version from dictionary_entry where origin = $1',
      [`audit:${decisionId}`],
    );
    expect(entry).toMatchObject({ type: 'PERSON', scope: 'project', state: 'accepted', version: 1 });
    expect(await openDictionary(shop.projectId)).toContainEqual({ id: entry!.id, value: HIDDEN });
    expect(await database.query('select state, type from miss')).toEqual([{ state: 'open', type: 'PERSON' }]);
  });

  it('is masked in that unit and in the other one that holds it by the run that follows; others keep their bytes', async () => {
    const touched = await unitsThatHold(HIDDEN);
    await workUntilIdle();
    expect(await unitsThatHold(HIDDEN)).toEqual([]);
    const now = await hashes();
    for (const [id, hash] of before) expect(now.get(id) === hash, id).toBe(!touched.includes(id));
    const masked = await database.query('select 1 from placeholder where type = $1 and unit_id = any($2)', [
      'PERSON',
      touched,
    ]);
    expect(masked).toHaveLength(2);
    // The frozen text of the sample is what was judged; it goes at the seal.
    const hits = await sweepDatabase(database, [HIDDEN]);
    expect(hits.map(({ table }) => table)).toEqual(['public.frozen_unit']);
  });

  it('raises the bound; a clean verdict lowers it', async () => {
    const upper = async () =>
      (await showPlanRisk(shop.as.lead, queueId)).residual.bounds.find(
        (bound) => bound.class === 'direct' && bound.stratum === null,
      );
    const one = (await upper())!;
    expect(one).toMatchObject({ n: 1, k: 1 });
    const clean = held.filter(({ item }) => item.id !== first.item.id);
    await decide(clean[0]!, CLEAN);
    const two = (await upper())!;
    expect(two).toMatchObject({ n: 2, k: 1 });
    expect(two.upper).toBeLessThan(one.upper);
  });

  it('is taken out of the dictionary by an undo; what it masked stands as before', async () => {
    const undone = await decide(first, { kind: 'undo', of: decisionId });
    await workUntilIdle();
    const [entry] = await database.query('select state from dictionary_entry where origin = $1', [
      `audit:${decisionId}`,
    ]);
    expect(entry).toEqual({ state: 'removed' });
    expect(await database.query('select state from miss')).toEqual([{ state: 'undone' }]);
    expect(await hashes()).toEqual(before);
    const again = await decide(
      first,
      { kind: 'audit', verdict: 'leaky', leaks: [mark], wrongMasks: [] },
      undone.reopenedClaim,
    );
    expect(again.isRepeat).toBe(false);
    await workUntilIdle();
    expect(await unitsThatHold(HIDDEN)).toEqual([]);
  });

  it('can’t be sealed over open items; the seal deletes the frozen text, ends undo and tells everybody the figure', async () => {
    await expect(sealPlan(shop.as.lead, { queueId })).rejects.toMatchObject({ code: 'conflict' });
    await expect(sealPlan(shop.as.reviewer, { queueId })).rejects.toMatchObject({ code: 'forbidden' });
    const open = await database.query<{ id: string }>(`select id from task where queue_id = $1 and state = 'open'`, [
      queueId,
    ]);
    for (const one of held.filter(({ item }) => open.some(({ id }) => id === item.id))) await decide(one, CLEAN);
    const second = await shop.newPerson('reviewer');
    for (const item of (await claimAuditItems(second, queueId, { want: 10, have: [] })).items)
      await decide({ item, actor: second }, CLEAN);
    expect(await showSealed(shop.as.reviewer)).toEqual([]);
    const sealed = await sealPlan(shop.as.lead, { queueId });
    expect(sealed).toMatchObject({ state: 'sealed' });
    expect(await database.query('select 1 from frozen_unit')).toEqual([]);
    expect(await sweepDatabase(database, [HIDDEN])).toEqual([]);
    await expect(decide(first, { kind: 'undo', of: decisionId })).rejects.toMatchObject({ code: 'already_sealed' });
    const [told] = await showSealed(shop.as.reviewer);
    expect(told!.upper).toBeGreaterThan(0);
    await expect(sealPlan(shop.as.lead, { queueId })).rejects.toMatchObject({ code: 'already_sealed' });
  });

  it('reaches no vault when the caller may not decide or holds no claim', async () => {
    const values = async () => (await database.query('select entry_id from vault.dictionary_value')).length;
    const { queueId: other } = await drawSample(shop.as.lead, { name: 'second look', sampleSize: 2, design: 'random' });
    const { items } = await claimAuditItems(shop.as.reviewer, other, { want: 1, have: [] });
    const item = items[0]!;
    const count = await values();
    const leaky: Payload = {
      kind: 'audit',
      verdict: 'leaky',
      leaks: [{ path: '/events/0/parts/0/text', start: 0, end: 3, type: 'PERSON', scope: 'unit' }],
      wrongMasks: [],
    };
    await expect(decide({ item, actor: shop.as.curator }, leaky)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(decide({ item, actor: shop.as.lead }, leaky)).rejects.toMatchObject({ code: 'claim_lost' });
    await expect(decide({ item, actor: shop.as.reviewer }, leaky, randomUUID())).rejects.toMatchObject({
      code: 'claim_lost',
    });
    expect(await values()).toBe(count);
  });

  it('cannot be left behind by a new name: most of the same units again is a further attempt, with less error to spend', async () => {
    const plans = await database.query<{ attempt: number; alpha: number }>(
      'select attempt, alpha from audit_plan order by created_at',
    );
    expect(plans.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(plans[1]!.alpha).toBe(plans[0]!.alpha / 2);
    const alone = `${talk('e', 'Is there a map?', 'Yes, of the whole valley.')}\n`;
    const importId = await upload(shop.as.operator, shop.sourceId, Buffer.from(alone));
    await workUntilIdle();
    const other = { name: 'other units', sampleSize: 1, design: 'random' as const, importId };
    await drawSample(shop.as.lead, other);
    const [newest] = await database.query('select attempt from audit_plan order by created_at desc limit 1');
    expect(newest).toEqual({ attempt: 1 });
  });

  it('leaves its whole story in the ledger, without a word of text', async () => {
    expect(await verifyLedger()).toMatchObject({ ok: true });
    const actions = (await database.query<{ action: string }>('select distinct action from ledger')).map(
      (row) => row.action,
    );
    expect(actions).toEqual(
      expect.arrayContaining(['audit.draw', 'audit.decide', 'audit.undo', 'audit.seal', 'claim.lost']),
    );
  });
});
