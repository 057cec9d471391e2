import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Actor } from '#lib/core/policy/actor.ts';
import type { Payload } from '#lib/core/review/verdict.ts';
import { verifyLedger } from '#lib/store/ledger.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { withWorkshop } from '../testing/workshop.ts';
import { beat, claimItems, decline, release } from './claim.ts';
import { recordBatch, recordDecision } from './record-decision.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);
const HASH = 'a'.repeat(64);
const CLEAN: Payload = { kind: 'audit', verdict: 'clean', leaks: [], wrongMasks: [] };

/** An audit queue over units that are names only: claims and decisions do not read them. */
async function newQueue(units: number, slots = 1): Promise<string> {
  const [queue] = await database.query<{ id: string }>(
    `insert into queue (project_id, kind, name, overlap, seed, created_by) values ($1, 'audit', $2, $3, 'seed', $4) returning id`,
    [shop.projectId, `queue ${randomUUID()}`, slots, shop.as.lead.personId],
  );
  await database.query(
    `insert into task (project_id, queue_id, subject_id, subject_hash, slot, position)
     select $1, $2, 'unit-' || n, $3, slot, (slot - 1) * $4 + n from generate_series(1, $4) n, generate_series(1, $5) slot`,
    [shop.projectId, queue!.id, HASH, units, slots],
  );
  return queue!.id;
}

const people = (count: number): Promise<Actor[]> =>
  Promise.all(Array.from({ length: count }, () => shop.newPerson('reviewer')));
const one = { want: 1, have: [] };
const decide = (
  actor: Actor,
  item: { id: string; claimToken: string },
  more: { key?: string; payload?: Payload } = {},
) =>
  recordDecision(
    actor,
    {
      taskId: item.id,
      idempotencyKey: more.key ?? randomUUID(),
      claimToken: item.claimToken,
      unitHash: HASH,
      payload: more.payload ?? CLEAN,
      activeMs: 9000,
    },
    {},
  );
const tasksOf = (queueId: string) =>
  database.query<{ id: string; subject_id: string; state: string; claimed_by: string; decided_by: string }>(
    'select id, subject_id, state, claimed_by, decided_by from task where queue_id = $1',
    [queueId],
  );

describe('claims', () => {
  it('give one item to one of a hundred who ask at once', async () => {
    const queueId = await newQueue(1);
    const crowd = await people(10);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => claimItems(crowd[n % 10]!, queueId, one)));
    const winners = new Set(answers.flatMap(({ items }, n) => (items.length > 0 ? [n % 10] : [])));
    expect(winners.size).toBe(1);
    const [task] = await tasksOf(queueId);
    expect(task!.claimed_by).toBe(crowd[[...winners][0]!]!.personId);
  });

  it('give every item exactly once when twenty people work through a queue side by side', async () => {
    const queueId = await newQueue(60);
    const crowd = await people(20);
    const taken: string[] = [];
    await Promise.all(
      crowd.map(async (actor) => {
        for (;;) {
          const { items } = await claimItems(actor, queueId, { want: 2, have: [] });
          if (items.length === 0) return;
          for (const item of items) {
            taken.push(item.id);
            await decide(actor, item);
          }
        }
      }),
    );
    expect(taken).toHaveLength(60);
    expect(new Set(taken).size).toBe(60);
    const decisions = await database.query(
      'select d.id from decision d join task t on t.id = d.task_id where t.queue_id = $1',
      [queueId],
    );
    expect(decisions).toHaveLength(60);
    expect((await tasksOf(queueId)).every((task) => task.state === 'decided')).toBe(true);
  });

  it('never put one person in both readings of a unit', async () => {
    const queueId = await newQueue(15, 2);
    const crowd = await people(6);
    await Promise.all(
      crowd.map(async (actor) => {
        for (;;) {
          const { items } = await claimItems(actor, queueId, { want: 3, have: [] });
          if (items.length === 0) return;
          for (const item of items) await decide(actor, item);
        }
      }),
    );
    const tasks = await tasksOf(queueId);
    expect(tasks.filter((task) => task.state !== 'decided')).toEqual([]);
    const readers = new Map<string, string[]>();
    for (const task of tasks) readers.set(task.subject_id, [...(readers.get(task.subject_id) ?? []), task.decided_by]);
    for (const ids of readers.values()) expect(new Set(ids).size).toBe(2);
  });

  it('go to someone else once they end; what the first decides then is refused and written down', async () => {
    const queueId = await newQueue(1);
    const [first, second] = (await people(2)) as [Actor, Actor];
    const held = (await claimItems(first, queueId, one)).items[0]!;
    expect((await claimItems(second, queueId, one)).items).toEqual([]);
    await database.query(`update task set free_at = now() - interval '1 second' where id = $1`, [held.id]);
    expect(await beat(first, { claims: [{ taskId: held.id, token: held.claimToken }] })).toEqual({ lost: [held.id] });
    const taken = (await claimItems(second, queueId, one)).items[0]!;
    expect(taken.id).toBe(held.id);
    await expect(decide(first, held)).rejects.toMatchObject({ code: 'claim_lost' });
    await decide(second, taken);
    const refusals = await database.query(
      `select 1 from ledger where action = 'claim.lost' and object_id = $1 and outcome = 'refused'`,
      [held.id],
    );
    expect(refusals).toHaveLength(1);
  });

  it('are refused with a token that was never given', async () => {
    const queueId = await newQueue(1);
    const [actor] = (await people(1)) as [Actor];
    const held = (await claimItems(actor, queueId, one)).items[0]!;
    await expect(decide(actor, { ...held, claimToken: randomUUID() })).rejects.toMatchObject({ code: 'claim_lost' });
    await expect(decide(shop.as.lead, held)).rejects.toMatchObject({ code: 'claim_lost' });
  });

  it('are free at once after release, and never offered again to whoever declined', async () => {
    const queueId = await newQueue(1);
    const [first, second] = (await people(2)) as [Actor, Actor];
    const held = (await claimItems(first, queueId, one)).items[0]!;
    await release(first, { claims: [{ taskId: held.id, token: held.claimToken }] });
    expect((await claimItems(second, queueId, one)).items[0]!.id).toBe(held.id);
    await decline(second, held.id, 'language');
    expect((await claimItems(second, queueId, one)).items).toEqual([]);
    expect((await claimItems(first, queueId, one)).items[0]!.id).toBe(held.id);
  });

  it('stay within one project: another project’s queue is not found', async () => {
    const queueId = await newQueue(1);
    const stranger = await shop.newPerson('reviewer', await shop.newProject(`other-${randomUUID().slice(0, 8)}`));
    await expect(claimItems(stranger, queueId, one)).rejects.toMatchObject({ code: 'not_found' });
    const held = (await claimItems((await people(1))[0]!, queueId, one)).items[0]!;
    await expect(decide(stranger, held)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('stop at fifty held', async () => {
    const queueId = await newQueue(60);
    const [actor] = (await people(1)) as [Actor];
    const have: string[] = [];
    for (let n = 0; n < 6; n++)
      for (const item of (await claimItems(actor, queueId, { want: 9, have })).items) have.push(item.id);
    expect(new Set(have).size).toBe(50);
    await expect(claimItems(actor, queueId, { want: 1, have })).rejects.toMatchObject({ code: 'too_many_held' });
  });
});

describe('decisions', () => {
  const held = async () => {
    const queueId = await newQueue(1);
    const [actor] = (await people(1)) as [Actor];
    return { queueId, actor, item: (await claimItems(actor, queueId, one)).items[0]! };
  };
  const rowsOf = (taskId: string) =>
    database.query<{ id: string; supersedes: string | null; kind: string }>(
      `select id, supersedes, body ->> 'kind' as kind from decision where task_id = $1 order by created_at`,
      [taskId],
    );

  it('are one row however often a key is sent, also ten times at once', async () => {
    const { actor, item } = await held();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => decide(actor, item, { key })));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
    expect(await rowsOf(item.id)).toHaveLength(1);
  });

  it('refuse another body under the same key', async () => {
    const { actor, item } = await held();
    const key = randomUUID();
    await decide(actor, item, { key });
    const other: Payload = { kind: 'audit', verdict: 'unreadable', leaks: [], wrongMasks: [] };
    await expect(decide(actor, item, { key, payload: other })).rejects.toMatchObject({ code: 'key_reused' });
  });

  it('refuse a second verdict under another key: the claim ended with the first', async () => {
    const { actor, item } = await held();
    await decide(actor, item);
    await expect(decide(actor, item)).rejects.toMatchObject({ code: 'claim_lost' });
  });

  it('refuse a verdict about other text than was served', async () => {
    const { actor, item } = await held();
    const input = { taskId: item.id, idempotencyKey: randomUUID(), claimToken: item.claimToken, activeMs: 900 };
    await expect(
      recordDecision(actor, { ...input, unitHash: 'b'.repeat(64), payload: CLEAN }, {}),
    ).rejects.toMatchObject({ code: 'text_changed' });
  });

  it('are undone and made again as further rows; every row stays', async () => {
    const { actor, item } = await held();
    const first = await decide(actor, item);
    const undone = await decide(actor, item, { payload: { kind: 'undo', of: first.id } });
    expect(undone.reopenedClaim).toBeDefined();
    const again = await decide(
      actor,
      { ...item, claimToken: undone.reopenedClaim! },
      { payload: { kind: 'audit', verdict: 'unreadable', leaks: [], wrongMasks: [] } },
    );
    const rows = await rowsOf(item.id);
    expect(rows.map(({ kind }) => kind)).toEqual(['audit', 'undo', 'audit']);
    expect(rows.map(({ supersedes }) => supersedes)).toEqual([null, first.id, undone.id]);
    expect(rows[2]!.id).toBe(again.id);
  });

  it('are undone by whoever made them alone, once, and never after the seal', async () => {
    const { queueId, actor, item } = await held();
    const first = await decide(actor, item);
    const undo: Payload = { kind: 'undo', of: first.id };
    await expect(decide(shop.as.lead, item, { payload: undo })).rejects.toMatchObject({ code: 'conflict' });
    const both = await Promise.allSettled([
      decide(actor, item, { payload: undo }),
      decide(actor, item, { payload: undo }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const claim = (await claimItems(actor, queueId, one)).items[0]!;
    const last = await decide(actor, claim);
    await database.query(`update task set state = 'sealed', sealed_at = now() where id = $1`, [item.id]);
    await expect(decide(actor, item, { payload: { kind: 'undo', of: last.id } })).rejects.toMatchObject({
      code: 'already_sealed',
    });
  });

  it('come in batches; a conflict holds nothing else up', async () => {
    const queueId = await newQueue(3);
    const [actor] = (await people(1)) as [Actor];
    const { items } = await claimItems(actor, queueId, { want: 3, have: [] });
    await database.query(`update task set free_at = now() - interval '1 second' where id = $1`, [items[1]!.id]);
    const events = items.map((item) => ({
      id: randomUUID(),
      taskId: item.id,
      claimToken: item.claimToken,
      unitHash: HASH,
      kind: 'audit',
      payload: CLEAN,
      at: '2026-01-01T00:00:00.000Z',
      activeMs: 900,
    }));
    const answers = await recordBatch(actor, [...events, events[0]!], {});
    expect(answers.map(({ result }) => result)).toEqual(['ok', 'conflict', 'ok', 'duplicate']);
  });

  it('need the role: a curator, an operator and an auditor decide no audit item', async () => {
    const { item } = await held();
    for (const role of ['curator', 'operator', 'auditor', 'admin'] as const)
      await expect(decide(shop.as[role], item)).rejects.toMatchObject({
        code: shop.as[role].projectId ? 'forbidden' : 'not_found',
      });
  });

  it('leave a ledger that holds together', async () => {
    expect(await verifyLedger()).toMatchObject({ ok: true });
  });
});
