import { afterAll, describe, expect, it } from 'vitest';
import { closeDb } from '#lib/store/db.ts';
import { systemActor } from '#lib/store/session.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { verifyChain } from '../ledger/verify-chain.ts';
import { checkHealth, isWhole } from './check-health.ts';
import { digest } from './digest.ts';
import { examine } from './examine.ts';

const database = withDatabase('worker');
const actor = systemActor('test', null);
afterAll(closeDb);

describe('the state of the store', () => {
  it('is degraded while no vault answers', async () => {
    expect(await checkHealth()).toBe('degraded');
  });

  it.each([
    [{ database: true, vault: true, workerSeenSecondsAgo: 3 }, true],
    [{ database: true, vault: true, workerSeenSecondsAgo: 16 }, false],
    [{ database: true, vault: true, workerSeenSecondsAgo: null }, false],
    [{ database: true, vault: false, workerSeenSecondsAgo: 3 }, false],
    [{ database: false, vault: true, workerSeenSecondsAgo: null }, false],
  ])('%o is whole: %s', (state, answer) => {
    expect(isWhole(state)).toBe(answer);
  });

  it('names users, schema and each check', async () => {
    await database.query(`insert into worker_beat (worker_id) values ('w1')`);
    const { users, schema, checks } = await examine(actor);
    expect(users).toBe(0);
    expect(schema).toMatch(/^\d{14}_/);
    expect(Object.fromEntries(checks.map(({ name, ok }) => [name, ok]))).toEqual({
      database: true,
      migrations: true,
      vault: false,
      worker: true,
    });
  });

  it('is digested and verified, each written in the ledger', async () => {
    await digest(actor);
    expect(await verifyChain(actor)).toMatchObject({ ok: true });
    const rows = await database.query<{ action: string }>('select action from ledger order by seq');
    expect(rows.map(({ action }) => action)).toEqual(['store.digest', 'ledger.verify']);
  });
});
