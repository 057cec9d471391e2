import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { bringIn, untilSeeded } from './bring-in.ts';
import { expect, test } from './fixtures.ts';
import { connectToStore } from './store-database.ts';

const run = promisify(execFile);

test('a curator drafts and builds; a failing gate names its rule and its limit; nobody can approve', async ({
  page,
  signIn,
  store,
}) => {
  await signIn('operator');
  await untilSeeded(page, store.url);
  await page.context().clearCookies();
  await signIn('curator');
  await page.goto('/releases');
  await page.getByRole('link', { name: 'Draft a release' }).click();
  await page.getByLabel('Name').fill('Shop assistant, September');
  await page.getByLabel('Purpose').selectOption('sft');
  const preferences = page.getByLabel('Preferences (DPO)');
  if (await preferences.isChecked()) await preferences.uncheck();
  await page.getByRole('button', { name: 'Save the draft' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Shop assistant, September');
  await page.getByRole('button', { name: 'Build and check' }).click();
  await expect(page.getByText(/gates? fails?: nobody can approve it/)).toBeVisible({ timeout: 45_000 });
  const gates = page.getByRole('list', { name: 'Gates' });
  expect(await gates.getByRole('listitem').count()).toBeGreaterThanOrEqual(6);
  const secrets = gates.getByRole('listitem').filter({ hasText: 'B Secrets' });
  await expect(secrets.getByText('failed', { exact: true }).or(secrets.getByLabel('failed'))).toHaveCount(1);
  await expect(secrets).toContainText('No secret stands in the final bytes');
  await expect(secrets).toContainText('limit 0 found');

  const release = page.url();
  await page.context().clearCookies();
  await signIn('lead');
  await page.goto(release);
  await expect(page.getByText('nobody can approve it').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /Download/ })).toHaveCount(0);
});

const FILE = 'lantern-questions.jsonl';
const SAMPLE = 'Lantern questions, all';
const RELEASE = 'Lantern assistant, October';
const THINGS = ['wick', 'glass', 'handle', 'base', 'cap', 'hook', 'burner', 'tank'];
const QUESTIONS = THINGS.map((thing, n) => ({
  messages: [
    { role: 'user', content: `How do I clean the ${thing} of a lantern after ${n + 2} weeks outdoors?` },
    { role: 'assistant', content: `Take the ${thing} off, wipe it with a dry cloth ${n + 2} times, and let it rest.` },
  ],
}));

/** Reads all that is left of the sample as clean, by key. */
async function readAll(page: Page): Promise<void> {
  await page.goto('/audit');
  const line = page.getByRole('listitem').filter({ hasText: SAMPLE });
  await expect(line).toBeVisible();
  const read = line.getByRole('link', { name: 'Read' });
  if ((await read.count()) === 0) return;
  await read.click();
  const item = page.getByRole('region', { name: 'Item' });
  const done = page.getByText('Nothing left for you in this sample');
  await expect(item.or(done)).toBeVisible();
  while (await item.count()) {
    const id = await item.getAttribute('data-task');
    await page.keyboard.press('Space');
    await expect.poll(async () => ((await item.count()) === 0 ? 'none' : item.getAttribute('data-task'))).not.toBe(id);
    await expect(item.or(done)).toBeVisible();
  }
  await expect(page.getByText('● saved')).toBeVisible();
}

test.describe('a release of units that people have read', () => {
  test.describe.configure({ mode: 'serial' });
  let address: string;

  test('is read whole by two people and sealed by a lead', async ({ page, signIn, store }) => {
    test.setTimeout(120_000);
    await signIn('operator');
    await untilSeeded(page, store.url);
    await bringIn(page, store.url, FILE, `${QUESTIONS.map((row) => JSON.stringify(row)).join('\n')}\n`);
    await page.context().clearCookies();
    await signIn('lead');
    await page.goto('/audit');
    await page.getByRole('button', { name: 'Draw a sample' }).click();
    const dialog = page.getByRole('dialog', { name: 'Draw a sample' });
    await dialog.getByLabel('Name').fill(SAMPLE);
    await dialog.getByLabel('Units to read').fill('500');
    await dialog.getByLabel('From').selectOption({ label: FILE });
    await dialog.getByRole('button', { name: 'Draw', exact: true }).click();
    await expect(page).toHaveURL(/\/quality#/);
    for (const nth of [0, 1]) {
      await page.context().clearCookies();
      await signIn('reviewer', nth);
      await readAll(page);
    }
    await page.context().clearCookies();
    await signIn('lead');
    await page.goto('/quality');
    const plan = page.locator('section', { has: page.getByRole('heading', { name: SAMPLE }) });
    await plan.getByRole('button', { name: 'Seal' }).click();
    await expect(plan).toContainText('sealed');
  });

  test('passes its gates, and not even a lead who built it may approve it', async ({ page, signIn }) => {
    test.setTimeout(120_000);
    await signIn('lead');
    await page.goto('/releases/new');
    await page.getByLabel('Name').fill(RELEASE);
    await page.getByLabel('Purpose').selectOption('sft');
    for (const name of ['Preferences (DPO)', 'Evaluation set (gold)']) {
      const box = page.getByLabel(name);
      if ((await box.count()) > 0 && (await box.isChecked())) await box.uncheck();
    }
    await page.getByLabel(FILE).check();
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(RELEASE);
    address = page.url();
    await page.getByRole('button', { name: 'Build and check' }).click();
    await expect(page.getByText('ready for approval')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('list', { name: 'Gates' }).getByLabel('failed')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Approve' })).toHaveCount(0);
    await page.goto(address.replace(/\/releases\/.*/, '/releases'));
    await expect(page.getByRole('link', { name: RELEASE })).toBeVisible();
  });

  test('is approved by another lead, who proves on the spot who they are; then it is signed, fetched and verified', async ({
    page,
    signIn,
    store,
  }) => {
    test.setTimeout(120_000);
    const { email, password } = await signIn('lead', 1);
    const database = await connectToStore(store.dataDir);
    await database.query(
      `update session set reauth_at = now() - interval '1 hour' where person_id = (select id from person where email = $1)`,
      [email],
    );
    await database.end();
    await page.goto(address);
    await page.getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog', { name: 'Approve this release' });
    await dialog.getByLabel(`Type ${RELEASE}`).fill(RELEASE);
    await dialog.getByRole('button', { name: 'Approve' }).click();
    const proof = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await proof.getByLabel('Password').fill('some other words entirely');
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await expect(proof.getByText('The password is wrong.')).toBeVisible();
    await proof.getByLabel('Password').fill(password);
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await expect(proof).toBeHidden();
    await expect(dialog).toBeHidden();
    const download = page.getByRole('button', { name: 'Download all' });
    await expect(async () => {
      await page.reload();
      await expect(download).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
    const [file] = await Promise.all([page.waitForEvent('download'), download.click()]);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-e2e-release-'));
    const files = unzipSync(fs.readFileSync(await file.path()));
    for (const [name, bytes] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), bytes);
    }
    const script = Object.keys(files).find((name) => name.endsWith('verify-release.mjs'))!;
    const root = path.dirname(path.join(folder, script));
    const verify = () => run(process.execPath, ['verify-release.mjs'], { cwd: root });
    await verify();
    const rows = Object.keys(files).find((name) => /data\/sft-.*\.jsonl$/.test(name))!;
    fs.appendFileSync(path.join(folder, rows), '{}\n');
    await expect(verify()).rejects.toMatchObject({ code: 1 });
    fs.rmSync(folder, { recursive: true });
    await page.reload();
    await expect(
      page
        .getByText('fetched', { exact: false })
        .or(page.getByText(/Downloaded/))
        .first(),
    ).toBeVisible();
  });
});
