import { createHash } from 'node:crypto';
import { untilSeeded } from './bring-in.ts';
import { expect, test } from './fixtures.ts';

const row = (n: number) =>
  JSON.stringify({
    session_id: `lamp-${n}`,
    request: { model: 'lantern-chat-2', messages: [{ role: 'user', content: `How many lamps are in box ${n}?` }] },
    response: {
      choices: [{ index: 0, message: { role: 'assistant', content: `Box ${n} holds two.` }, finish_reason: 'stop' }],
    },
  });
/** 40 calls, one of them twice, and a line that is no JSON. */
const lines = [...Array.from({ length: 40 }, (_, n) => row(n)), row(7), '{"session_id": broken'];
const file = { name: 'lamps.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(`${lines.join('\n')}\n`) };

test('the sample company came in whole', async ({ page, signIn, store }) => {
  await signIn('operator');
  await untilSeeded(page, store.url);
  const { imports } = await (await page.request.get(`${store.url}/api/v1/imports`)).json();
  expect(imports.length).toBeGreaterThanOrEqual(6);
  for (const { counts } of imports) expect(counts.records).toBe(counts.mapped + counts.duplicates + counts.quarantined);
});

test('an operator registers a source, uploads with true progress and sees the account add up', async ({
  page,
  signIn,
}) => {
  await signIn('operator');
  await page.goto('/imports');
  await page.getByRole('button', { name: 'Register a source' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Register a source' });
  await dialog.getByLabel('Name').fill('Lamp bot');
  await dialog.getByLabel('Owner').fill('Tallow Goods (invented)');
  await dialog.getByLabel('Legal basis').selectOption('contract');
  await dialog.getByRole('button', { name: 'Register' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel('Source', { exact: true }).getByRole('option', { name: 'Lamp bot' })).toBeAttached();
  await page.getByLabel('Source', { exact: true }).selectOption({ label: 'Lamp bot' });

  // The bytes wait at the door, so that the share they have reached can be read.
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  await page.route('**/api/v1/imports/*/content', async (route) => {
    await gate;
    await route.continue();
  });
  await page.getByLabel('Log files').setInputFiles(file);
  const progress = page.getByRole('progressbar', { name: /lamps\.jsonl/ });
  await expect(progress).toBeVisible();
  open();
  await expect(page.getByText('received whole')).toBeVisible();
  await page.getByRole('link', { name: 'Watch' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'lamps.jsonl' })).toBeVisible();
  const account = page
    .getByRole('region', { name: 'Account' })
    .or(page.locator('section', { hasText: 'records = mapped' }));
  await expect(account.first()).toContainText(
    /42\s*records\s*=\s*40\s*mapped\s*\+\s*1\s*duplicates\s*\+\s*1\s*quarantined/,
    {
      timeout: 30_000,
    },
  );
  await expect(page.getByText(createHash('sha256').update(file.buffer).digest('hex'))).toBeVisible();
  await expect(page.locator('#quarantine')).toContainText(/json/i);
});

test('the same bytes again add nothing', async ({ page, signIn }) => {
  await signIn('operator');
  await page.goto('/imports');
  await page.getByLabel('Source', { exact: true }).selectOption({ label: 'Lamp bot' });
  await page.getByLabel('Log files').setInputFiles(file);
  await expect(page.getByText('These bytes were imported from this source before')).toBeVisible();
});

test('bytes that are not the declared ones are refused whole', async ({ page, signIn }) => {
  await signIn('operator');
  await page.goto('/imports');
  await page.route('**/api/v1/imports', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const declared = { ...route.request().postDataJSON(), sha256: 'a'.repeat(64) };
    return route.continue({ postData: JSON.stringify(declared) });
  });
  await page.getByLabel('Log files').setInputFiles({ ...file, name: 'altered.jsonl' });
  await expect(page.getByText('The bytes that arrived have another SHA-256 than declared.')).toBeVisible();
  await page.unroute('**/api/v1/imports');
  await page.reload();
  const refused = page.getByRole('row', { name: /altered\.jsonl/ });
  await expect(refused).toContainText('refused');
});
