import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#lib/core/policy/actor.ts';
import { venvFolder } from '#lib/store/dry-run/python.ts';
import { keyVariable } from '#lib/store/keys.ts';
import { verifyLedger } from '#lib/store/ledger.ts';
import { listSnapshot, readSnapshotFile, snapshotFolder } from '#lib/store/release-folder.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { drawSample } from '../audit/draw-sample.ts';
import { sealPlan } from '../audit/residual-risk.ts';
import { inventedLog } from '../testing/invented-logs.ts';
import { upload, withWorkshop, workUntilIdle } from '../testing/workshop.ts';
import { approveRelease, dropWhenChanged, waiveGate } from './approve-release.ts';
import { startDownload, takeDownload } from './download-release.ts';
import { draftRelease, ownRelease, queueBuild } from './draft-release.ts';
import { revokeRelease } from './revoke-release.ts';
import { showGate, showRelease } from './show-releases.ts';

const run = promisify(execFile);
const database = withDatabase('worker');
const shop = withWorkshop(database);
const UNITS = 40;
let leads: Actor[];
let recipientId: string;

beforeAll(async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  process.env[keyVariable('signing')] = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  leads = [shop.as.lead, await shop.newPerson('lead'), await shop.newPerson('lead')];
  await database.query(`update source set recipients_allowed = '{In-house}' where id = $1`, [shop.sourceId]);
  const [recipient] = await database.query<{ id: string }>(
    `insert into recipient (project_id, name, region, purposes, agreement_date, agreement_expires, created_by)
     values ($1, 'In-house', 'EU', '{model-training}', now() - interval '1 day', now() + interval '400 days', $2) returning id`,
    [shop.projectId, leads[0]!.personId],
  );
  recipientId = recipient!.id;
  await upload(shop.as.operator, shop.sourceId, inventedLog('release', UNITS).bytes);
  await workUntilIdle();
});

const draft = (more: Partial<Parameters<typeof draftRelease>[1]> = {}) =>
  draftRelease(shop.as.curator, {
    name: 'Support, first',
    purpose: 'model-training',
    recipientId,
    includes: ['sft'],
    ...more,
  });
async function build(releaseId: string, by: Actor = leads[0]!) {
  await queueBuild(by, { releaseId });
  await workUntilIdle();
  return showRelease(leads[1]!, releaseId);
}
const gateOf = (view: Awaited<ReturnType<typeof build>>, name: string) => view.gates.find(({ gate }) => gate === name)!;
const approve = (by: Actor, view: Awaited<ReturnType<typeof build>>) =>
  approveRelease(by, { releaseId: view.id, standing: view.built!.standing, name: view.name });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (thrown: { code?: string }) => thrown.code,
  );

/** Reads every unit as clean: what two careful people would do in an hour. */
async function auditAll(): Promise<void> {
  const { queueId } = await drawSample(leads[0]!, { name: 'all', sampleSize: 5000, design: 'random' });
  await database.query(
    `insert into decision (project_id, task_id, reviewer_id, idempotency_key, body_hash, body)
     select project_id, id, case slot when 1 then $2::uuid else $3::uuid end, id::text, '', '{"kind":"audit","verdict":"clean","leaks":[],"wrongMasks":[]}' from task where queue_id = $1`,
    [queueId, shop.as.reviewer.personId, (await shop.newPerson('reviewer')).personId],
  );
  await database.query(`update task set state = 'decided', decided_at = now() where queue_id = $1`, [queueId]);
  await sealPlan(leads[0]!, { queueId });
}

describe('a release without an audit', () => {
  it('is blocked by the bound alone, and says so', async () => {
    const { id } = await draft();
    const view = await build(id);
    expect(view.state).toBe('blocked');
    expect(view.gates.filter(({ state }) => state === 'fail').map(({ gate }) => gate)).toEqual(['risk', 'secrets']);
    expect(gateOf(view, 'risk').value).toBe('no sealed audit');
    expect(view.whyNot).toBe('blocked');
    expect(await codeOf(approve(leads[1]!, view))).toBe('gates_failing');
  });
});

describe('a release of audited units', () => {
  let id: string;
  beforeAll(async () => {
    await auditAll();
    ({ id } = await draft({ includes: ['sft', 'dpo', 'eval'] }));
  });

  it('is ready when every gate stands, and names each with its value and limit', async () => {
    const view = await build(id);
    expect(view.gates.map(({ gate, state, value }) => [gate, state, value])).toEqual([
      ['risk', 'pass', expect.stringContaining('k = 0')],
      ['secrets', 'pass', expect.stringContaining('0 found')],
      ['coverage', 'pass', expect.stringContaining('bytes')],
      ['residue', 'pass', '0 known, 0 detected'],
      ['policy', 'pass', expect.stringMatching(/^0 of \d+ rows$/)],
      ['rows', 'pass', expect.stringMatching(/^0 findings/)],
      ['leakage', 'pass', '0 groups, 0 near-duplicates, 0 word runs'],
      ['pairs', 'pass', 'no pairs'],
      ['pair_length', 'pass', 'no pairs'],
      ['pair_looks', 'pass', 'no pairs'],
      ['pair_place', 'pass', 'no pairs'],
      ['synthetic', 'pass', '0 synthetic of 0 pairs, 0 faults'],
      ['dry_run', 'not_run', expect.stringContaining('npm run -s dry-run -- --prepare')],
    ]);
    expect(view.state).toBe('ready');
    expect(view.built!.rows).toBeGreaterThan(0);
    const left = view.built!.excluded.reduce((sum, { count }) => sum + count, 0);
    expect(view.built!.rows + left).toBe(view.built!.eligible);
    expect((await showGate(leads[1]!, id, 'risk')).rows[0]).toMatchObject({ refKind: 'plan', code: 'audit' });
  });

  it('is the same bytes when it is built again, and no group moves', async () => {
    const before = await showRelease(leads[1]!, id);
    const sides = await database.query('select member_id, group_id, split from split_assignment order by member_id');
    const after = await build(id);
    expect(after.built!.files).toEqual(before.built!.files);
    expect(after.built!.snapshotHash).toBe(before.built!.snapshotHash);
    expect(await database.query('select member_id, group_id, split from split_assignment order by member_id')).toEqual(
      sides,
    );
  });

  it('holds no planted value', async () => {
    const { planted } = inventedLog('release', UNITS);
    const row = await ownRelease(leads[1]!, id);
    for (const file of await listSnapshot(id, row.folder!)) {
      const parts: Uint8Array[] = [];
      for await (const part of readSnapshotFile(id, row.folder!, file)) parts.push(part);
      const text = Buffer.concat(parts).toString('utf8');
      for (const value of planted.detected) expect(text.includes(value)).toBe(false);
    }
  });

  it('cannot be approved by its builder, nor by a curator, nor under another name or snapshot', async () => {
    const view = await showRelease(leads[0]!, id);
    expect(view.whyNot).toBe('builder');
    expect(await codeOf(approve(leads[0]!, view))).toBe('not_builder');
    expect(await codeOf(approve(shop.as.curator, view))).toBe('forbidden');
    const stale = { ...leads[1]!, reauthAtMs: Date.now() - 16 * 60_000 };
    expect(await codeOf(approve(stale, view))).toBe('reauth_required');
    const wrong = { releaseId: id, standing: view.built!.standing, name: 'Another' };
    expect(await codeOf(approveRelease(leads[1]!, wrong))).toBe('invalid');
    const other = { releaseId: id, standing: 'f'.repeat(64), name: view.name };
    expect(await codeOf(approveRelease(leads[1]!, other))).toBe('conflict');
  });

  it('needs two others; one alone, or one twice, opens nothing', async () => {
    const view = await showRelease(leads[1]!, id);
    expect(await approve(leads[1]!, view)).toEqual({ approvals: 1, needed: 2 });
    expect(await approve(leads[1]!, view)).toEqual({ approvals: 1, needed: 2 });
    await workUntilIdle();
    expect((await showRelease(leads[1]!, id)).state).toBe('ready');
    expect(await codeOf(startDownload(leads[1]!, id, { file: '*' }))).toBe('not_approved');
  });

  it('loses its approvals when a unit changes, and stays blocked until it is built again', async () => {
    const [unit] = await database.query<{ unit_id: string }>(
      'select unit_id from release_unit where release_id = $1 order by row_id limit 1',
      [id],
    );
    await database.query('update unit set withdrawn_at = now() where id = $1', [unit!.unit_id]);
    const view = await showRelease(leads[2]!, id);
    expect(await codeOf(approve(leads[2]!, view))).toBe('gates_failing');
    const blocked = await showRelease(leads[2]!, id);
    expect(blocked.state).toBe('blocked');
    expect((await showGate(leads[2]!, id, 'policy')).rows).toEqual([
      { refKind: 'unit', refId: unit!.unit_id, code: 'withdrawn', detail: '' },
    ]);
    const again = await build(id);
    expect(again.state).toBe('ready');
    expect(again.built!.snapshotHash).not.toBe(view.built!.snapshotHash);
    expect(again.approvals.filter(({ counts }) => counts)).toEqual([]);
    expect(again.built!.excluded).toContainEqual({ rule: 'withdrawn', count: 1 });
    expect(await dropWhenChanged(leads[1]!, await ownRelease(leads[1]!, id))).toBe(false);
  });

  it('is sealed once two others approved, and verifies offline with what it ships', async () => {
    const view = await showRelease(leads[1]!, id);
    await approve(leads[1]!, view);
    expect(await approve(leads[2]!, view)).toEqual({ approvals: 2, needed: 2 });
    await workUntilIdle();
    const row = await ownRelease(leads[1]!, id);
    expect(row.state).toBe('approved');
    const folder = snapshotFolder(id, row.folder!);
    const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
    expect(manifest.approvals.map(({ person }: { person: string }) => person)).toEqual([
      leads[1]!.personId,
      leads[2]!.personId,
    ]);
    const { stdout } = await run(process.execPath, [path.join(folder, 'verify-release.mjs'), folder]);
    expect(stdout).toContain(manifest.keyId);
    expect(fs.statSync(path.join(folder, 'README.md')).mode & 0o222).toBe(0);
    expect(await codeOf(queueBuild(leads[0]!, { releaseId: id }))).toBe('conflict');
  });

  const nonceOf = (url: string) => url.split('/').at(-1)!;
  const take = (actor: Actor, url: string) => takeDownload(actor, id, nonceOf(url));

  it('is fetched by the person who asked, once, within a minute', async () => {
    const { url, expiresAt } = await startDownload(leads[1]!, id, { file: 'README.md' });
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(60_000);
    expect(await codeOf(take(leads[2]!, url))).toBe('link_used');
    const stream = await take(leads[1]!, url);
    const parts: Uint8Array[] = [];
    for await (const part of stream.chunks) parts.push(part);
    expect(Buffer.concat(parts)).toHaveLength(stream.bytes!);
    expect(await codeOf(take(leads[1]!, url))).toBe('link_used');
    const late = await startDownload(leads[1]!, id, { file: '*' });
    await database.query(`update download set expires_at = now() - interval '1 second' where used_at is null`);
    expect(await codeOf(take(leads[1]!, late.url))).toBe('link_used');
    expect(await codeOf(startDownload(leads[1]!, id, { file: '../../keys' }))).toBe('not_found');
    expect((await showRelease(leads[1]!, id)).downloads).toMatchObject([{ file: 'README.md' }]);
  });

  it('comes whole as one ZIP', async () => {
    const { url } = await startDownload(leads[2]!, id, { file: '*' });
    const { chunks, name } = await take(leads[2]!, url);
    const parts: Uint8Array[] = [];
    for await (const part of chunks) parts.push(part);
    const file = path.join(shop.folder, name);
    fs.writeFileSync(file, Buffer.concat(parts));
    const { unzipSync } = await import('fflate');
    const names = Object.keys(unzipSync(fs.readFileSync(file)));
    expect(names).toContain(`${name.slice(0, -4)}/manifest.sig`);
    expect(names).toHaveLength((await listSnapshot(id, (await ownRelease(leads[1]!, id)).folder!)).length);
  });

  it('is gone once revoked, with the reason', async () => {
    const { url } = await startDownload(leads[1]!, id, { file: '*' });
    expect(await codeOf(revokeRelease(leads[1]!, { releaseId: id, reason: 'short' }))).toBe('reason_required');
    await revokeRelease(leads[1]!, { releaseId: id, reason: 'A person asked for erasure.' });
    expect(await codeOf(take(leads[1]!, url))).toBe('revoked');
    expect(await codeOf(startDownload(leads[1]!, id, { file: '*' }))).toBe('revoked');
    expect(await verifyLedger()).toMatchObject({ ok: true });
  });
});

describe('a gate', () => {
  it('is waived only where it may be, in writing, and earlier approvals no longer count', async () => {
    const { id } = await draft({ name: 'Waived' });
    const view = await build(id);
    await approve(leads[1]!, view);
    await database.query(`update release_gate set state = 'fail' where release_id = $1 and gate = 'pair_length'`, [id]);
    await database.query(`update release set state = 'blocked' where id = $1`, [id]);
    const reason = 'The source prefers short answers on purpose.';
    expect(await codeOf(waiveGate(leads[2]!, { releaseId: id, gate: 'leakage', reason }))).toBe('gates_failing');
    expect(await waiveGate(leads[2]!, { releaseId: id, gate: 'pair_length', reason })).toEqual({ state: 'ready' });
    const waived = await showRelease(leads[1]!, id);
    expect(gateOf(waived, 'pair_length').state).toBe('waived');
    expect(waived.approvals.map(({ counts }) => counts)).toEqual([false]);
    expect(await codeOf(approve(leads[1]!, view))).toBe('conflict');
    expect(await approve(leads[1]!, waived)).toEqual({ approvals: 1, needed: 2 });
  });
});

describe('a release where trainers can run', () => {
  /** Stands in for Python: writes a verdict where it is told to. What the real trainers say is proven by scripts/training.ts. */
  function withTrainer(verdict: object | null) {
    const bin = path.join(venvFolder(), 'bin');
    fs.mkdirSync(bin, { recursive: true });
    const body = verdict === null ? 'exit 1' : `cp "$0.json" "$4"`;
    fs.writeFileSync(path.join(bin, 'python.json'), `${JSON.stringify(verdict)}\n`);
    fs.writeFileSync(path.join(bin, 'python'), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    fs.writeFileSync(path.join(venvFolder(), 'ready'), '');
  }
  const says = (pass: boolean) => ({
    schema: 'assay.dry-run/1',
    release: 'r',
    versions: { trl: '1' },
    targets: {
      tiny: {
        sft: {
          pass,
          asserts: { rows: true, labels: pass, text: null },
          failures: pass ? [] : [{ assert: 'labels', config: 'sft-agent', row: 'sft-1', why: 'another mask' }],
        },
      },
    },
    pass,
    seconds: 3.4,
  });
  afterEach(() => fs.rmSync(venvFolder(), { recursive: true, force: true }));

  it('carries their verdict as a file, and its approvals are of that verdict', async () => {
    const { id } = await draft({ name: 'Trained' });
    withTrainer(says(true));
    const view = await build(id);
    expect(view.state).toBe('ready');
    expect(gateOf(view, 'dry_run')).toMatchObject({ state: 'pass', value: '2 of 2 assertions hold, 3 s' });
    expect(view.built!.files.map((file) => file.path)).toContain('dry-run/verdict.json');
    expect(view.built!.standing).not.toBe(view.built!.snapshotHash);
    await approve(leads[1]!, view);
    await approve(leads[2]!, view);
    await workUntilIdle();
    const row = await ownRelease(leads[1]!, id);
    expect(row.state).toBe('approved');
    const folder = snapshotFolder(id, row.folder!);
    expect((await run(process.execPath, [path.join(folder, 'verify-release.mjs'), folder])).stdout).toContain('ok');
  });

  it('is blocked by an assertion that does not hold, with its row named', async () => {
    const { id } = await draft({ name: 'Cut short' });
    withTrainer(says(false));
    const view = await build(id);
    expect(view.state).toBe('blocked');
    expect(gateOf(view, 'dry_run')).toMatchObject({ state: 'fail', value: '1 of 2 assertions hold, 3 s' });
    expect((await showGate(leads[1]!, id, 'dry_run')).rows).toEqual([
      { refKind: 'row', refId: 'sft-1', code: 'labels', detail: 'tiny sft: another mask' },
    ]);
  });

  it('is blocked when they end without a verdict', async () => {
    const { id } = await draft({ name: 'No word' });
    withTrainer(null);
    expect(gateOf(await build(id), 'dry_run')).toMatchObject({ state: 'fail' });
  });

  it('is blocked without a Python when the project requires a dry run, and says what makes it run', async () => {
    await database.query(`update project set dry_run = 'required' where id = $1`, [shop.projectId]);
    const { id } = await draft({ name: 'Required' });
    const view = await build(id);
    await database.query(`update project set dry_run = 'when_possible' where id = $1`, [shop.projectId]);
    expect(view.state).toBe('blocked');
    expect(gateOf(view, 'dry_run').value).toContain('npm run -s dry-run -- --prepare');
  });
});

describe('a draft', () => {
  it('is refused for a recipient without the purpose', async () => {
    expect(await codeOf(draft({ purpose: 'advertising' }))).toBe('invalid');
  });

  it('counts what its recipient may not have, by rule, and is blocked without rows', async () => {
    const [other] = await database.query<{ id: string }>(
      `insert into recipient (project_id, name, region, purposes, agreement_date, agreement_expires, created_by)
       values ($1, 'Stranger', 'US', '{model-training}', now(), now() + interval '9 days', $2) returning id`,
      [shop.projectId, leads[0]!.personId],
    );
    const { id } = await draft({ recipientId: other!.id });
    const view = await build(id);
    expect(view.built!.rows).toBe(0);
    expect(view.built!.excluded).toContainEqual({ rule: 'recipient_not_allowed', count: UNITS - 1 });
    expect(gateOf(view, 'rows')).toMatchObject({ state: 'fail', value: 'no rows' });
  });
});
