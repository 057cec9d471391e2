import { expect, test } from './fixtures.ts';

test('the ledger tells who did what, and its chain holds', async ({ page, signIn }) => {
  await signIn('auditor');
  await page.goto('/ledger');
  const table = page.getByRole('table', { name: 'Ledger entries' });
  await expect(table).toContainText('import.create');
  await page.getByRole('button', { name: 'Check the chain' }).click();
  await expect(page.getByText(/The chain holds: [\d,]+ entries/)).toBeVisible();
});
