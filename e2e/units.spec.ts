import { untilSeeded } from './bring-in.ts';
import { expect, test } from './fixtures.ts';

test.beforeEach(async ({ page, signIn, store }) => {
  await signIn('operator');
  await untilSeeded(page, store.url);
  await page.context().clearCookies();
  await signIn('lead');
});

test('units are found by words and filters, and the address holds the query', async ({ page }) => {
  await page.goto('/units');
  const table = page.getByRole('table', { name: 'Units' });
  await expect(table.getByRole('row').nth(5)).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search units' }).fill('lantern');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=lantern/);
  await page.getByRole('button', { name: 'Kind', exact: true }).first().click();
  await page.getByRole('checkbox', { name: 'agent', exact: true }).check();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/kind=agent/);
  await expect(table.getByRole('row').nth(1)).toContainText('agent');
  const found = await table.getByRole('row').count();
  await page.goto(page.url());
  await expect(table.getByRole('row')).toHaveCount(found);
  await page.getByRole('searchbox', { name: 'Search units' }).fill('xylophone');
  await page.keyboard.press('Enter');
  await expect(page.getByText('No unit fits this query')).toBeVisible();
});

test('a query is saved under a name and comes back', async ({ page }) => {
  await page.goto('/units?has=recovery');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByText('Save this view').click();
  await page.getByRole('dialog', { name: 'Save this view' }).getByLabel('Name').fill('Recovered');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('View saved')).toBeVisible();
  await page.goto('/units');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByText('Recovered', { exact: true }).click();
  await expect(page).toHaveURL(/has=recovery/);
  await expect(page.getByRole('table', { name: 'Units' }).getByRole('row').nth(1)).toBeVisible();
});

test('a unit shows masks, the failed call and its repetition, and where it came from', async ({ page }) => {
  await page.goto('/units?q=trimmer&has=recovery');
  await page.getByRole('table', { name: 'Units' }).getByRole('row').nth(1).getByRole('link').first().click();
  await expect(page.getByText('Provenance')).toBeVisible();
  const reader = page.getByLabel('Transcript, redacted');
  await expect(reader).toContainText('place_order');
  await expect(reader).toContainText('timed out');
  await expect(reader).not.toContainText('Emeka');
  const about = page.getByLabel('About this unit');
  await expect(about).toContainText('ordering-agent.otlp.jsonl');
  await expect(about).toContainText('person');
});
