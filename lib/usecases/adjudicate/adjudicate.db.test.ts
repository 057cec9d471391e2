import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#lib/core/policy/actor.ts';
import type { Mark, Payload } from '#lib/core/review/verdict.ts';
import { atPointer } from '#lib/core/trajectory/pointer.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { drawSample } from '../audit/draw-sample.ts';
import { sealPlan } from '../audit/residual-risk.ts';
import { type AuditItem, claimAuditItems } from '../audit/show-item.ts';
import { claimItems } from '../queues/claim.ts';
import { EFFECTS } from '../queues/effects.ts';
import { recordDecision } from '../queues/record-decision.ts';
import { upload, withWorkshop, workUntilIdle } from '../testing/workshop.ts';
import { openAdjudication } from './open-adjudication.ts';
import { showAgreement } from './show-agreement.ts';
import { type DisputeItem, showDisputeItems } from './show-dispute.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);
/** Two words that no rule knows; the first is a name, the second a product. */
const [NAME, PRODUCT] = ['zwirnfalter', 'kesselblatt'];
const LOG = [
  { role: 'user', content: `Is the ${NAME} file ready, and is the ${PRODUCT} tent back in stock?` },
  { role: 'assistant', content: 'The file is ready and the tent comes on Monday.' },
];

const decide = (actor: Actor, item: { id: string; claimToken: string; subjectHash: string }, payload: Payload) =>
  recordDecision(
    actor,
    {
      taskId: item.id,
      idempotencyKey: randomUUID(),
      claimToken: item.claimToken,
      unitHash: item.subjectHash,
      payload,
      activeMs: 4000,
    },
    EFFECTS,
  );
const PATH = '/events/0/parts/0/text';
const markOf = (item: AuditItem, value: string): Mark => {
  const start = String(atPointer(item.unit, PATH)).indexOf(value);
  return { path: PATH, start, end: start + value.length, type: 'PERSON', scope: 'span' };
};
const leaky = (...leaks: Mark[]): Payload => ({ kind: 'audit', verdict: 'leaky', leaks, wrongMasks: [] });

describe('two readings that differ', () => {
  let auditQueue: string;
  let other: Actor;
  let items: DisputeItem[];
  let queueId: string;
  let firstReading: { item: AuditItem; id: string };
  const entries = () =>
    database.query<{ state: string; origin: string }>(
      'select state, origin from dictionary_entry order by version, id',
    );

  beforeAll(async () => {
    await database.query('update project set double_share = 1');
    await upload(shop.as.operator, shop.sourceId, Buffer.from(`${JSON.stringify({ id: 'a', messages: LOG })}\n`));
    await workUntilIdle();
    auditQueue = (await drawSample(shop.as.lead, { name: 'twice', sampleSize: 1, design: 'random' })).queueId;
    other = await shop.newPerson('lead');
    const [first] = (await claimAuditItems(shop.as.reviewer, auditQueue, { want: 5, have: [] })).items;
    const [second] = (await claimAuditItems(shop.as.lead, auditQueue, { want: 5, have: [] })).items;
    const { id } = await decide(shop.as.reviewer, first!, leaky(markOf(first!, NAME), markOf(first!, PRODUCT)));
    firstReading = { item: first!, id };
    await decide(shop.as.lead, second!, leaky({ ...markOf(second!, NAME), end: markOf(second!, NAME).end + 5 }));
    await workUntilIdle();
  });

  it('send their differences alone to a third person, and can no longer be taken back', async () => {
    const opened = await openAdjudication(shop.as.lead, { queueId: auditQueue });
    expect(opened.added).toBe(2);
    queueId = opened.queueId;
    const undo: Payload = { kind: 'undo', of: firstReading.id };
    await expect(decide(shop.as.reviewer, firstReading.item, undo)).rejects.toMatchObject({ code: 'already_sealed' });
    expect((await openAdjudication(shop.as.lead, { queueId: auditQueue })).added).toBe(0);
  });

  it('are never ruled by a reader: a lead who read gets nothing, a reviewer may not', async () => {
    expect((await claimItems(shop.as.lead, queueId, { want: 5, have: [] })).items).toEqual([]);
    await expect(claimItems(shop.as.reviewer, queueId, { want: 5, have: [] })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const claimed = await claimItems(other, queueId, { want: 5, have: [] });
    items = await showDisputeItems(other, claimed.items);
    expect(items).toHaveLength(2);
    expect(JSON.stringify(items)).not.toContain(shop.as.reviewer.personId);
  });

  it('keep the sample open until they are ruled', async () => {
    await expect(sealPlan(shop.as.lead, { queueId: auditQueue })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('with neither right are released again: the term goes out of the dictionary', async () => {
    const product = items.find((item) => item.a === null || item.b === null)!;
    const wrong: Payload = { kind: 'adjudication', itemId: product.id, take: product.a ? 'b' : 'a' };
    await expect(decide(other, product, wrong)).rejects.toMatchObject({ code: 'invalid' });
    await decide(other, product, { kind: 'adjudication', itemId: product.id, take: 'neither', cause: 'guideline' });
    expect((await entries()).map(({ state }) => state).sort()).toEqual(['accepted', 'accepted', 'removed']);
    await workUntilIdle();
    const held = await database.query('select 1 from event where position($1 in body) > 0', [PRODUCT]);
    expect(held).toHaveLength(1);
    expect(await database.query('select 1 from event where position($1 in body) > 0', [NAME])).toEqual([]);
  });

  it('with one side right need no new term; the figures say how often and why', async () => {
    const name = items.find((item) => item.a && item.b)!;
    await decide(other, name, { kind: 'adjudication', itemId: name.id, take: 'overlap', cause: 'slip' });
    const [agreement] = await showAgreement(shop.as.lead);
    expect(agreement).toMatchObject({
      units: 1,
      refuted: 1,
      spans: { first: 2, second: 1 },
      disputes: { sent: 2, ruled: 2, takes: { neither: 1, overlap: 1 }, causes: { guideline: 1, slip: 1 } },
      verdicts: { counts: { clean: 0, leaky: 1, onlyFirst: 0, onlySecond: 0 } },
    });
    expect(agreement!.spans.overlap.recall.value).toBe(0.5);
    await sealPlan(shop.as.lead, { queueId: auditQueue });
  });
});
