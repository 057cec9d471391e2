import { bringIn, untilSeeded } from './bring-in.ts';
import { expect, test } from './fixtures.ts';

const SAMPLE = 'Come back later';
const CALLS = `Caller: Do you sell lanterns?
Agent: Yes, three kinds of them.
---
Caller: Is the soap made here?
Agent: In the yard behind the shop.
`;

test('what was decided can be taken back after a reload, and any of the last ten is one digit away', async ({
  page,
  signIn,
  store,
}) => {
  await signIn('operator');
  await untilSeeded(page, store.url);
  await bringIn(page, store.url, 'two-calls.txt', CALLS);
  await page.context().clearCookies();
  await signIn('lead');
  await page.goto('/audit');
  await page.getByRole('button', { name: 'Draw a sample' }).click();
  const dialog = page.getByRole('dialog', { name: 'Draw a sample' });
  await dialog.getByLabel('Name').fill(SAMPLE);
  await dialog.getByLabel('Units to read').fill('2');
  await dialog.getByLabel('From').selectOption({ label: 'two-calls.txt' });
  await dialog.getByRole('button', { name: 'Draw', exact: true }).click();
  await expect(page).toHaveURL(/\/quality#/);
  const queueId = new URL(page.url()).hash.slice(1);
  await page.context().clearCookies();

  await signIn('reviewer');
  await page.goto(`/audit/${queueId}`);
  const item = page.getByRole('region', { name: 'Item' });
  const first = await item.getAttribute('data-task');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('o');
  await expect(page.getByRole('heading', { name: 'Missed (1)' })).toBeVisible();
  await page.keyboard.press('u');
  await expect(page.getByText('in doubt')).toBeVisible();
  await page.keyboard.press('Space');
  await expect(item).not.toHaveAttribute('data-task', first!);
  await expect(page.getByText('● saved')).toBeVisible();
  await page.reload();
  await expect(item).toBeVisible();
  await page.keyboard.press('Shift+H');
  const history = page.getByRole('dialog', { name: 'Your last decisions' });
  await expect(history).toContainText('1 missed');
  await page.keyboard.press('1');
  await expect(item).toHaveAttribute('data-task', first!);
  await expect(page.getByText('in doubt')).toBeVisible();
  // Decided again as it was, by redo's key.
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Shift+Z');
  await expect(item).not.toHaveAttribute('data-task', first!);
});

test('steps of a run are marked by one key each and stay marked', async ({ page, signIn, store }) => {
  await signIn('operator');
  await untilSeeded(page, store.url);
  await page.context().clearCookies();
  await signIn('curator');
  await page.goto('/steps');
  await page.locator('main').getByRole('listitem').first().getByRole('link').click();
  await expect(page.getByRole('region', { name: 'Run', exact: true })).toBeVisible();
  await page.keyboard.press('3');
  await expect(page.getByText(/1 not trained on/)).toBeVisible();
  await expect(page.getByText('● saved')).toBeVisible();
  await page.reload();
  await expect(page.getByText(/1 of \d+ steps marked/)).toBeVisible();
  await page.keyboard.press('0');
  await expect(page.getByText(/0 of \d+ steps marked/)).toBeVisible();
  await expect(page.getByText('● saved')).toBeVisible();
});

test('a proposed pattern says what it would touch before a lead accepts it', async ({ page, signIn, store }) => {
  await signIn('operator');
  await untilSeeded(page, store.url);
  await page.context().clearCookies();
  await signIn('curator');
  await page.goto('/settings/dictionaries');
  await page.getByRole('button', { name: 'Propose a term' }).click();
  const dialog = page.getByRole('dialog', { name: 'Propose a term' });
  await dialog.getByLabel('Term or pattern').fill('(?<=a)b');
  await dialog.getByLabel('Find it').selectOption({ label: 'by a pattern' });
  await dialog.getByRole('button', { name: 'Propose' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByLabel('Term or pattern').fill('lighthouse [a-z]+');
  await dialog.getByRole('button', { name: 'Propose' }).click();
  await expect(dialog).toBeHidden();
  await page.context().clearCookies();
  await signIn('lead');
  await page.goto('/settings/dictionaries');
  const row = page.getByRole('table', { name: 'Entries' }).getByRole('row').filter({ hasText: 'by a pattern' }).first();
  await row.getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'In context' })).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('mark').first()).toContainText(/lighthouse/i);
  await page.getByRole('button', { name: 'Refuse' }).click();
  await expect(page.getByText('refused').first()).toBeVisible();
});
