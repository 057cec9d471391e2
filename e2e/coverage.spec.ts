import { untilSeeded } from './bring-in.ts';
import { expect, test } from './fixtures.ts';

test('a lead copies the present mix as targets; unknown outcomes stay unknown', async ({ page, signIn, store }) => {
  await signIn('operator');
  await untilSeeded(page, store.url);
  await page.context().clearCookies();
  await signIn('lead');
  await page.goto('/coverage');
  await expect(page.getByText('none set')).toBeVisible();
  await expect(page.locator('main')).toContainText('unknown');
  await page.getByRole('button', { name: 'Set targets' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /present mix/ }).click();
  await dialog.getByRole('button', { name: 'Set version 1' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/version 1, by Noam Ferreira/)).toBeVisible();
});
