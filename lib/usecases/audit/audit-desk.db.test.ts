import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#lib/core/policy/actor.ts';
import type { Payload } from '#lib/core/review/verdict.ts';
import { atPointer, sliceCodePoints } from '#lib/core/trajectory/pointer.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { claimForDesk } from '../queues/claim-for-desk.ts';
import { EFFECTS } from '../queues/effects.ts';
import { recordDecision } from '../queues/record-decision.ts';
import { upload, withWorkshop, workUntilIdle } from '../testing/workshop.ts';
import { drawSample } from './draw-sample.ts';
import { showFlags, showOwnSensitivity, showReaders } from './readers.ts';
import { showPlanRisk } from './residual-risk.ts';
import { reveal } from './reveal.ts';
import { type AuditItem, claimAuditItems } from './show-item.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);
const talk = (id: string, asked: string) =>
  JSON.stringify({
    id,
    messages: [
      { role: 'user', content: asked },
      { role: 'assistant', content: 'It is on its way and will be there on Monday.' },
    ],
  });
const LOG = [
  talk('a', 'Please write to mara.quist@tallow.example about the tent.'),
  talk('b', 'Which stove is the lightest one that you have?'),
];
const CLEAN: Payload = { kind: 'audit', verdict: 'clean', leaks: [], wrongMasks: [] };
const decide = (actor: Actor, item: AuditItem, payload: Payload, activeMs = 4000) =>
  recordDecision(
    actor,
    {
      taskId: item.id,
      idempotencyKey: randomUUID(),
      claimToken: item.claimToken,
      unitHash: item.subjectHash,
      payload,
      activeMs,
    },
    EFFECTS,
  );

let queueId: string;
let items: AuditItem[];
beforeAll(async () => {
  await upload(shop.as.operator, shop.sourceId, Buffer.from(`${LOG.join('\n')}\n`));
  await workUntilIdle();
  queueId = (await drawSample(shop.as.lead, { name: 'desk', sampleSize: 2, design: 'random' })).queueId;
  items = (await claimAuditItems(shop.as.reviewer, queueId, { want: 2, have: [] })).items;
});

describe('a reveal', () => {
  const ask = async (reason: string, actor = shop.as.reviewer) => {
    const item = items.find(({ masks }) => masks.length > 0)!;
    const { placeholder } = item.masks[0]!;
    // Only the web process may ask for a reveal.
    process.env.ASSAY_VAULT_TOKEN = shop.webToken;
    try {
      return await reveal(actor, { taskId: item.id, placeholder, code: 'same_person', reason });
    } finally {
      process.env.ASSAY_VAULT_TOKEN = shop.workerToken;
    }
  };

  it('shows one value to whoever holds the item; code and reason stand in the ledger before', async () => {
    const { value } = await ask('both placeholders may be one customer');
    expect(value).toBe('mara.quist@tallow.example');
    const [row] = await database.query<{ reason: string; details: string }>(
      `select reason, details from ledger where action = 'reveal.span'`,
    );
    expect(row!.reason).toBe('same_person: both placeholders may be one customer');
    expect(JSON.parse(row!.details)).toMatchObject({ code: 'same_person' });
  });

  it('keeps a reason without the value that somebody wrote into it', async () => {
    await ask('is this mara.quist@tallow.example again?');
    const rows = await database.query<{ reason: string }>(`select reason from ledger where action = 'reveal.span'`);
    expect(rows.map(({ reason }) => reason).join('\n')).not.toContain('mara.quist');
    expect(rows.at(-1)!.reason).toMatch(/^same_person: is this \[EMAIL_1\] again\?$/);
  });

  it('needs ten characters of reason and the claim', async () => {
    await expect(ask('short')).rejects.toMatchObject({ code: 'reason_required' });
    await expect(ask('a reason in writing', shop.as.lead)).rejects.toMatchObject({ code: 'claim_lost' });
  });
});

describe('a desk that opens anew', () => {
  it('is told what this person can still take back and their own pace, of nobody else', async () => {
    const [first, second] = items;
    const kept = await decide(shop.as.reviewer, first!, CLEAN, 8000);
    await decide(shop.as.reviewer, second!, CLEAN, 120);
    const opened = await claimForDesk(shop.as.reviewer, queueId, { want: 1, have: [] });
    expect(opened.work!.recent.map(({ taskId, isHasty }) => [taskId, isHasty])).toEqual([
      [second!.id, true],
      [first!.id, false],
    ]);
    expect(opened.work!.pace).toEqual({ decided: 2, medianMs: 4060 });
    const other = await claimForDesk(shop.as.lead, queueId, { want: 1, have: [] });
    expect(other.work).toEqual({ recent: [], pace: { decided: 0, medianMs: null } });
    const undo: Payload = { kind: 'undo', of: kept.id };
    await decide(shop.as.reviewer, first!, undo);
    const again = await claimForDesk(shop.as.reviewer, queueId, { want: 1, have: [] });
    expect(again.work!.recent.map(({ taskId }) => taskId)).toEqual([second!.id]);
    expect(again.items[0]).toMatchObject({ id: first!.id });
  });

  it('keeps a flag’s note without the values in it', async () => {
    const { items: again } = await claimAuditItems(shop.as.reviewer, queueId, { want: 1, have: [] });
    await decide(shop.as.reviewer, again[0]!, { kind: 'flag', note: 'ask quist@tallow.example about event 3' });
    const [row] = await database.query<{ note: string }>(
      `select body ->> 'note' as note from decision where body ->> 'kind' = 'flag'`,
    );
    expect(row!.note).toBe('ask [EMAIL_1] about event 3');
  });
});

describe('canaries', () => {
  let sampled: string;
  let all: AuditItem[];
  const canaries = () =>
    database.query<{ task_id: string; unit_id: string; type: string; path: string; start: number; end: number }>(
      'select task_id, unit_id, type, path, start, "end" from canary',
    );
  beforeAll(async () => {
    const talks = Array.from({ length: 12 }, (_, at) =>
      talk(`c${at}`, `Question number ${at}: which of the tents is the best one for two in the rain?`),
    );
    await upload(shop.as.operator, shop.sourceId, Buffer.from(`${talks.join('\n')}\n`));
    await workUntilIdle();
    const drawn = await drawSample(shop.as.lead, { name: 'planted', sampleSize: 6, design: 'random', canaries: 5 });
    expect(drawn).toMatchObject({ units: 6, canaries: 5, frameUnits: 14 });
    sampled = drawn.queueId;
    all = (await claimAuditItems(shop.as.reviewer, sampled, { want: 50, have: [] })).items;
  });

  it('stand in copies of units outside the sample, among the others, and the units themselves stay as they are', async () => {
    const planted = await canaries();
    expect(planted).toHaveLength(5);
    const drawn = await database.query<{ subject_id: string }>(
      'select subject_id from task t where queue_id = $1 and not exists (select 1 from canary c where c.task_id = t.id)',
      [sampled],
    );
    const ids = new Set(drawn.map(({ subject_id }) => subject_id));
    expect(planted.some(({ unit_id }) => ids.has(unit_id))).toBe(false);
    const places = all.map(({ id }) => planted.some(({ task_id }) => task_id === id));
    expect(places.slice(0, 8)).toContain(true);
    for (const { task_id, unit_id, path, start, end } of planted) {
      const item = all.find(({ id }) => id === task_id)!;
      const value = sliceCodePoints(String(atPointer(item.unit, path)), start, end);
      expect(value.length).toBeGreaterThan(2);
      const held = await database.query('select 1 from event where unit_id = $1 and position($2 in body) > 0', [
        unit_id,
        value,
      ]);
      expect(held).toEqual([]);
    }
  });

  it('are served as any other item: no field of an item or a count tells which it is', () => {
    expect(new Set(all.map((item) => Object.keys(item).sort().join())).size).toBe(1);
    expect(JSON.stringify(all)).not.toContain('canar');
  });

  it('measure who reads: found ones and missed ones correct the bound, and no find counts as a leak or is kept', async () => {
    const planted = new Map((await canaries()).map((row) => [row.task_id, row]));
    let found = 0;
    for (const item of all) {
      const canary = planted.get(item.id);
      if (canary && found < 4) {
        found++;
        const { path, start, end } = canary;
        const leaks = [{ path, start, end, type: 'PERSON' as const, scope: 'span' as const }];
        await decide(shop.as.reviewer, item, { kind: 'audit', verdict: 'leaky', leaks, wrongMasks: [] });
      } else await decide(shop.as.reviewer, item, CLEAN);
    }
    const risk = await showPlanRisk(shop.as.lead, sampled);
    expect(risk.canaries).toEqual({ planted: 5, found: 4, inQueue: 5 });
    expect(risk.residual.sensitivity!.point).toBeCloseTo(0.8, 6);
    const direct = risk.residual.bounds.find((bound) => bound.class === 'direct' && bound.stratum === null)!;
    expect(direct).toMatchObject({ n: 6, k: 0 });
    expect(direct.method).toContain('corrected by canaries');
    expect(risk.misses).toEqual([]);
    expect(risk.audited).toHaveLength(6);
    expect(await database.query('select 1 from miss')).toEqual([]);
    expect(await database.query('select 1 from dictionary_entry')).toEqual([]);
  });

  it('are told after the seal, to each reader their own, and to leads from thirty decisions on', async () => {
    expect((await showReaders(shop.as.lead)).readers).toEqual([
      { name: 'A reviewer', decisions: expect.any(Number), sensitivity: null },
    ]);
    await database.query(`update audit_plan set state = 'sealed' where queue_id = $1`, [sampled]);
    const { decisions } = (await showReaders(shop.as.lead)).readers[0]!;
    expect(decisions).toBeLessThan(30);
    expect((await showOwnSensitivity(shop.as.reviewer)).sensitivity).toBeNull();
    // As if they had read a longer sample before.
    await database.query(
      `with more as (insert into task (project_id, queue_id, subject_id, subject_hash, slot, position, state)
         select project_id, queue_id, 'more-' || n, subject_hash, 1, 1000 + n, 'decided'
           from (select * from task where queue_id = $1 limit 1) one, generate_series(1, 30) n returning id, project_id)
       insert into decision (project_id, task_id, reviewer_id, idempotency_key, body_hash, body)
       select project_id, id, $2, id::text, 'hash', $3 from more`,
      [sampled, shop.as.reviewer.personId, JSON.stringify(CLEAN)],
    );
    const { readers } = await showReaders(shop.as.lead);
    expect(readers[0]!.sensitivity!.n).toBeGreaterThanOrEqual(5);
    expect((await showOwnSensitivity(shop.as.reviewer)).sensitivity).toEqual(readers[0]!.sensitivity);
    expect((await showOwnSensitivity(shop.as.curator)).sensitivity).toBeNull();
    await expect(showReaders(shop.as.reviewer)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('are not what flags are about: those go to the lead with values masked', async () => {
    const flags = await showFlags(shop.as.lead);
    expect(flags.map(({ note }) => note)).toEqual(['ask [EMAIL_1] about event 3']);
  });
});
