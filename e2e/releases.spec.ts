import { untilSeeded } from './bring-in.ts';
import { expect, test } from './fixtures.ts';

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
