import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#lib/core/policy/actor.ts';
import type { Payload } from '#lib/core/review/verdict.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { showRisk } from '../audit/residual-risk.ts';
import { claimForDesk } from '../queues/claim-for-desk.ts';
import { EFFECTS } from '../queues/effects.ts';
import { recordDecision } from '../queues/record-decision.ts';
import { upload, withWorkshop, workUntilIdle } from '../testing/workshop.ts';
import { openSweep, type SweepItem } from './sweep.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);
const LOG = {
  id: 'a',
  messages: [
    { role: 'user', content: 'Please write to mara.quist@tallow.example and to tom.alder@tallow.example today.' },
    { role: 'assistant', content: 'I have written to both of them.' },
  ],
};
const decide = (actor: Actor, item: SweepItem, payload: Payload) =>
  recordDecision(
    actor,
    {
      taskId: item.id,
      idempotencyKey: randomUUID(),
      claimToken: item.claimToken,
      unitHash: item.subjectHash,
      payload,
      activeMs: 2000,
    },
    EFFECTS,
  );
/** Only the web process may ask for a value in clear. */
async function asWeb<T>(act: () => Promise<T>): Promise<T> {
  process.env.ASSAY_VAULT_TOKEN = shop.webToken;
  try {
    return await act();
  } finally {
    process.env.ASSAY_VAULT_TOKEN = shop.workerToken;
  }
}
const spanOf = (item: SweepItem) => item.subjectId.split('@')[1]!;

describe('a sweep', () => {
  let queueId: string;
  let items: SweepItem[];

  beforeAll(async () => {
    await upload(shop.as.operator, shop.sourceId, Buffer.from(`${JSON.stringify(LOG)}\n`));
    await workUntilIdle();
    // As if the detector had only suggested them, the second with more doubt.
    await database.query(`update span set tier = 'suggest', score = 0.6 - 0.1 * no`);
  });

  it('holds each doubtful value once, the most doubtful first, and nothing that waits in a sweep already', async () => {
    await expect(openSweep(shop.as.reviewer, { name: 'mine', limit: 9 })).rejects.toMatchObject({ code: 'forbidden' });
    const opened = await openSweep(shop.as.lead, { name: 'doubts', limit: 9 });
    expect(opened.items).toBe(2);
    queueId = opened.queueId;
    await expect(openSweep(shop.as.lead, { name: 'again', limit: 9 })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('shows each value in clear with a few words around it, and the ledger has it before', async () => {
    const claimed = await asWeb(() => claimForDesk(shop.as.reviewer, queueId, { want: 2, have: [] }));
    items = claimed.kind === 'sweep' ? claimed.items : [];
    expect(items.map(({ value }) => value).sort()).toEqual(['mara.quist@tallow.example', 'tom.alder@tallow.example']);
    expect(items[0]!.score).toBeLessThan(items[1]!.score);
    expect(items[0]!.before + items[0]!.after).toContain('[EMAIL_');
    expect(await database.query(`select 1 from ledger where action = 'sweep.view'`)).toHaveLength(2);
    await expect(claimForDesk(shop.as.curator, queueId, { want: 1, have: [] })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('proposes to show what is no personal data, for a lead to accept; undone it proposes nothing', async () => {
    const [first, second] = items;
    await decide(shop.as.reviewer, first!, { kind: 'sweep', spanId: spanOf(first!), is: 'pii' });
    expect(await database.query('select 1 from dictionary_entry')).toEqual([]);
    await expect(decide(shop.as.reviewer, second!, { kind: 'sweep', spanId: '99', is: 'pii' })).rejects.toMatchObject({
      code: 'invalid',
    });
    const { id } = await decide(shop.as.reviewer, second!, {
      kind: 'sweep',
      spanId: spanOf(second!),
      is: 'not_pii',
    });
    const entries = () => database.query('select action, scope, state from dictionary_entry');
    expect(await entries()).toEqual([{ action: 'keep', scope: 'project', state: 'proposed' }]);
    await decide(shop.as.reviewer, second!, { kind: 'undo', of: id });
    expect(await entries()).toEqual([{ action: 'keep', scope: 'project', state: 'removed' }]);
  });

  it('takes sweep verdicts only, and never stands in a bound', async () => {
    const [item] = items;
    const audit: Payload = { kind: 'audit', verdict: 'clean', leaks: [], wrongMasks: [] };
    await expect(decide(shop.as.reviewer, item!, audit)).rejects.toMatchObject({ code: 'invalid' });
    expect(await showRisk(shop.as.lead)).toEqual([]);
  });
});
