import { untilSeeded } from './bring-in.ts';
import { expect, test } from './fixtures.ts';

const QUEUE = 'Compared by hand';

test('pairs are found in the logs and queued, then chosen blind with keys 1 to 5, 0 and skip', async ({
  page,
  signIn,
  store,
}) => {
  await signIn('operator');
  await untilSeeded(page, store.url);
  await page.context().clearCookies();
  await signIn('lead');
  await page.goto('/pairs');
  await page.getByRole('button', { name: 'Find pairs' }).click();
  const sources = page.getByRole('table', { name: 'Pairs by source' });
  await expect(sources.getByRole('row').nth(3)).toBeVisible({ timeout: 30_000 });
  await expect(sources).toContainText('weak');
  await page.getByRole('button', { name: 'Make a queue' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a queue of pairs' });
  await dialog.getByLabel('Name').fill(QUEUE);
  await dialog.getByLabel('At most').fill('8');
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(dialog).toBeHidden();

  await page.context().clearCookies();
  await signIn('curator');
  await page.goto('/pairs');
  const line = page.getByRole('listitem').filter({ hasText: QUEUE });
  await line.getByRole('link', { name: 'Choose' }).click();
  const pair = page.getByRole('region', { name: 'Pair', exact: true });
  await expect(pair.getByRole('region', { name: 'Left answer' })).toBeVisible();
  for (const key of ['1', '2', '3', '4', '5', '0']) {
    const id = await pair.getAttribute('data-task');
    await page.keyboard.press(key);
    await expect(pair).not.toHaveAttribute('data-task', id!);
  }
  const last = await pair.getAttribute('data-task');
  await page.keyboard.press('z');
  await expect(pair).not.toHaveAttribute('data-task', last!);
  await page.keyboard.press('0');
  await expect(pair).toHaveAttribute('data-task', last!);
  await page.keyboard.press('s');
  await page.getByRole('dialog').getByRole('button', { name: 'I am not sure' }).click();
  await expect(pair).not.toHaveAttribute('data-task', last!);
  await expect
    .poll(async () => {
      await page.goto('/pairs');
      return line.innerText();
    })
    .toMatch(/6 of 8/);
  await expect(sources).toContainText('Chosen');
});
