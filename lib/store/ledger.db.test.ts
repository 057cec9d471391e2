import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closeDb, inTransaction } from './db.ts';
import { appendLedger, recordInLedger, verifyLedger } from './ledger.ts';
import { systemActor } from './session.ts';
import { withDatabase } from './testing/database.ts';

const database = withDatabase('worker');
const actor = systemActor('test', null);
const write = (n: number) =>
  recordInLedger(actor, {
    action: 'import.read',
    object: 'import',
    objectId: `i${n}`,
    reason: 'a "quoted" reason',
    details: { n, code: 'ab' },
  });

let owner: pg.Client;
beforeAll(async () => {
  owner = new pg.Client({ connectionString: database.urls.owner });
  await owner.connect();
  for (let n = 1; n <= 6; n++) await write(n);
});
afterAll(async () => {
  await owner.end();
  await closeDb();
});

/** Changes rows as the owner could, looks, and takes it back. */
async function tampered(...statements: string[]) {
  const kept = await database.query<{ rows: unknown }>("select coalesce(json_agg(l), '[]') as rows from ledger l");
  const head = await database.query<{ seq: string; hash: string }>('select seq, hash from ledger_head');
  await owner.query('alter table ledger disable trigger all');
  for (const statement of statements) await owner.query(statement);
  const verdict = await verifyLedger();
  await owner.query('delete from ledger');
  await owner.query('insert into ledger select * from json_populate_recordset(null::ledger, $1)', [
    JSON.stringify(kept[0]!.rows),
  ]);
  await owner.query('update ledger_head set seq = $1, hash = $2', [head[0]!.seq, head[0]!.hash]);
  await owner.query('alter table ledger enable trigger all');
  return verdict;
}

describe('the ledger', () => {
  beforeEach(async () => {
    expect(await verifyLedger()).toEqual({ ok: true, entries: 6 });
  });

  it.each([
    ['at', `at = at + interval '1 millisecond'`],
    ['actor_kind', `actor_kind = 'person'`],
    ['actor_id', `actor_id = 'someone'`],
    ['action', `action = 'import.done'`],
    ['object_kind', `object_kind = 'release'`],
    ['object_id', `object_id = 'i9'`],
    ['project_id', `project_id = gen_random_uuid()`],
    ['outcome', `outcome = 'failed'`],
    ['reason', `reason = null`],
    ['details', `details = '{}'`],
    ['prev_hash', `prev_hash = repeat('0', 64)`],
    ['hash', `hash = repeat('0', 64)`],
  ])('names the first bad entry when %s was changed', async (_, change) => {
    const verdict = await tampered(`update ledger set ${change} where seq = 4`);
    expect(verdict).toMatchObject({ ok: false, entries: 3, firstBad: { seq: '4' } });
  });

  it('knows a changed entry even when its own hash was made to fit', async () => {
    const verdict = await tampered(
      `update ledger l set action = 'me.view' where seq = 3`,
      `update ledger l set hash = encode(sha256('\\x00'::bytea || convert_to(ledger_entry_json(l), 'UTF8')), 'hex') where seq = 3`,
    );
    expect(verdict.firstBad).toMatchObject({ seq: '4' });
  });

  it('names a missing entry, and a cut tail', async () => {
    expect((await tampered('delete from ledger where seq = 2')).firstBad).toMatchObject({ seq: '2' });
    expect(await tampered('delete from ledger where seq = 6')).toMatchObject({ ok: false, firstBad: { seq: '5' } });
  });

  it('stays one chain when fifty write at once, and an act that fails leaves no entry', async () => {
    const before = await verifyLedger();
    await Promise.all(Array.from({ length: 50 }, (_, n) => write(100 + n)));
    await expect(
      inTransaction(async (tx) => {
        await appendLedger(tx, actor, { action: 'import.read', object: 'import' });
        throw new Error('the act failed');
      }),
    ).rejects.toThrow('the act failed');
    expect(await verifyLedger()).toEqual({ ok: true, entries: before.entries + 50 });
    await owner.query('alter table ledger disable trigger all');
    await owner.query('delete from ledger where seq > 6');
    await owner.query('update ledger_head set seq = 6, hash = (select hash from ledger where seq = 6)');
    await owner.query('alter table ledger enable trigger all');
  });

  it('refuses details that look like text', async () => {
    const details = { said: 'Call me, I am at home (door 3)!' };
    await expect(recordInLedger(actor, { action: 'x', object: 'unit', details })).rejects.toThrow(
      /ids, counts and codes/,
    );
  });
});

describe('what the serving processes may not do', () => {
  const asRole = async (role: 'web' | 'worker' | 'vault', statement: string) => {
    const client = new pg.Client({ connectionString: database.urls[role] });
    await client.connect();
    try {
      return await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const DENIED = { code: '42501' };

  it.each(['source_key', 'dek', 'record', 'trajectory', 'entity_value', 'dictionary_value'])(
    'web can neither read nor write vault.%s; the worker can write sealed rows and read none',
    async (table) => {
      await expect(asRole('web', `select * from vault.${table}`)).rejects.toMatchObject(DENIED);
      await expect(asRole('web', `delete from vault.${table}`)).rejects.toMatchObject(DENIED);
      await expect(asRole('worker', `select * from vault.${table}`)).rejects.toMatchObject(DENIED);
      await expect(asRole('worker', `delete from vault.${table}`)).rejects.toMatchObject(DENIED);
    },
  );

  it.each(['web', 'worker'] as const)('%s can change or delete no entry, no decision and no approval', async (role) => {
    for (const statement of [
      `update ledger set action = 'x'`,
      'delete from ledger',
      'truncate ledger',
      `insert into ledger (seq, at, actor_kind, action, object_kind, outcome, details, prev_hash, hash) values (99, now(), 'x', 'x', 'x', 'ok', '{}', '', '')`,
      'update ledger_head set seq = 0',
      `update decision set active_ms = 1`,
      'delete from decision',
      'truncate decision',
      'delete from approval',
      'update approval set at = now()',
      'alter table ledger disable trigger all',
      'drop table ledger',
      'create table mine (x int)',
    ])
      await expect(asRole(role, statement), statement).rejects.toMatchObject(DENIED);
  });

  it('the owner is stopped by the triggers too', async () => {
    await expect(owner.query(`update ledger set action = 'x' where seq = 1`)).rejects.toMatchObject(DENIED);
    await expect(owner.query('delete from decision')).rejects.toMatchObject(DENIED);
  });
});
