/** Records that no adapter knows: seen by reason and source, mapped on masked samples, read again. */
import { untilSeeded } from './bring-in.ts';
import { expect, test } from './fixtures.ts';

const PLANTED = 'marit.zonderland@brightwater.example';
const talk = (n: number, who = 'desk') => ({
  deskcase: { no: `D-${n}` },
  talk: [
    { party: 'shopper', words: `Lamp ${n} of ${PLANTED} flickers.`, mood: 'calm' },
    { party: who, words: `We send another lamp, case ${n}.`, mood: 'calm' },
  ],
});
const rows = [
  ...Array.from({ length: 12 }, (_, n) => JSON.stringify(talk(n))),
  JSON.stringify(talk(90, 'robot')),
  'no json {',
];

test.describe.configure({ mode: 'serial' });

test('an operator sees what was refused by reason and source', async ({ page, signIn, store }) => {
  await signIn('operator');
  await untilSeeded(page, store.url);
  await page.goto('/imports');
  await page.getByLabel('Log files').setInputFiles({
    name: 'desk.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from(`${rows.join('\n')}\n`),
  });
  await expect(page.getByText('received whole')).toBeVisible();
  await page.getByRole('link', { name: 'Watch' }).click();
  await expect(page.locator('#quarantine')).toContainText('unknown_format', { timeout: 30_000 });
  await page.goto('/quarantine');
  const group = page.getByRole('list', { name: 'Groups' }).getByRole('link', { name: /unknown_format/ });
  await expect(group).toContainText('13');
  await group.click();
  const section = page.getByRole('region', { name: /unknown_format of/ });
  await expect(section.getByRole('listitem')).toHaveCount(13);
  await expect(section).not.toContainText('zonderland');
  await expect(page.getByRole('list', { name: 'Groups' })).toContainText('bad_json');
});

test('maps them, sees what is not understood, and reads them again', async ({ page, signIn }) => {
  await signIn('operator');
  await page.goto('/quarantine');
  await page
    .getByRole('list', { name: 'Groups' })
    .getByRole('link', { name: /unknown_format/ })
    .click();
  await page.getByRole('link', { name: 'Map these' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Map refused records' })).toBeVisible();
  const bind = (at: string, label: string) => page.getByLabel(`${at} is`, { exact: true }).selectOption({ label });
  await bind('/deskcase/no', 'id of the conversation');
  await bind('/talk', 'list of turns');
  await bind('/talk/*/party', 'who speaks');
  await bind('/talk/*/words', 'what is said');
  const speakers = page.getByRole('list', { name: 'Speakers' });
  await speakers.getByLabel('shopper is', { exact: true }).selectOption({ label: 'the user' });
  await speakers.getByLabel('desk is', { exact: true }).selectOption({ label: 'the model' });
  const made = page.getByRole('region', { name: 'What it makes of them' });
  await expect(made).toContainText('12 of 13 records understood');
  await expect(made).toContainText('Not bound: 1 field');
  await expect(made).toContainText('/talk/*/mood');
  await expect(made).toContainText('a role that the mapping does not name at /talk/*/party');
  await expect(made.getByRole('list', { name: 'The first conversation' })).toContainText(/Lamp 0 of \[EMAIL/);
  await expect(page.locator('body')).not.toContainText('zonderland');
  await page.getByLabel('Name', { exact: true }).fill('desk talks');
  await page.getByRole('button', { name: 'Save and retry these' }).click();
  await expect(page).toHaveURL(/\/quarantine\?/);
  const groups = page.getByRole('list', { name: 'Groups' });
  await expect(groups.getByRole('link', { name: /schema_mismatch/ })).toContainText('1', { timeout: 30_000 });
  await expect(groups.getByRole('link', { name: /unknown_format/ })).toHaveCount(0);
  const { imports } = await (await page.request.get('/api/v1/imports')).json();
  const desk = imports.find(({ filename }: { filename: string }) => filename === 'desk.jsonl');
  expect(desk.counts).toEqual({ records: 14, mapped: 12, duplicates: 0, quarantined: 2 });
});

test('names the last word in a new version, and picks the one record', async ({ page, signIn }) => {
  await signIn('operator');
  await page.goto('/quarantine');
  await page
    .getByRole('list', { name: 'Groups' })
    .getByRole('link', { name: /schema_mismatch/ })
    .click();
  await page.getByRole('link', { name: 'Map these' }).click();
  await page.getByLabel('Begin with').selectOption({ label: 'desk talks @1' });
  await page.getByLabel('robot is', { exact: true }).selectOption({ label: 'the model' });
  await expect(page.getByText('1 of 1 records understood')).toBeVisible();
  await expect(page.getByText('Becomes version 2')).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Becomes version 3')).toBeVisible();
  await page.goto('/quarantine');
  await page
    .getByRole('list', { name: 'Groups' })
    .getByRole('link', { name: /schema_mismatch/ })
    .click();
  await page.getByLabel('Read with').selectOption({ label: 'desk talks @2' });
  await page.getByLabel(/Pick record 13 of desk/).check();
  await page.getByRole('button', { name: 'Retry picked (1)' }).click();
  await expect(page.getByRole('list', { name: 'Groups' }).getByRole('link', { name: /schema_mismatch/ })).toHaveCount(
    0,
    { timeout: 30_000 },
  );
});

test('a reviewer has no way in', async ({ page, signIn }) => {
  await signIn('reviewer');
  for (const path of ['/quarantine', '/quarantine/map?reason=unknown_format']) {
    await page.goto(path);
    await expect(page).toHaveURL(/not-allowed/);
  }
});
