import type { Page } from '@playwright/test';
import { bringIn, untilSeeded } from './bring-in.ts';
import { expect, test } from './fixtures.ts';

/** One conversation that today's detector does not clean, and two clean ones. The neighbour is in the support chat as well. */
const TRANSCRIPT = `Caller: Where is my parcel?
Agent: With your neighbour, it seems.
Caller: My neighbour Brannagh was home all week and saw nothing.
Agent: Then we send it again.
---
Caller: Do you sell matches?
Agent: Yes, in a box of forty.
---
Caller: Is the shop warm in winter?
Agent: As warm as a candle.
`;
const SAMPLE = 'Phone desk, three units';

test.describe.configure({ mode: 'serial' });

const toGo = (page: Page) => page.getByRole('button', { name: /missed, next|Clean, next/ });

test('a lead draws a small sample of one file', async ({ page, signIn, store }) => {
  await signIn('operator');
  await untilSeeded(page, store.url);
  await bringIn(page, store.url, 'three-calls.txt', TRANSCRIPT);
  await page.context().clearCookies();
  await signIn('lead');
  await page.goto('/audit');
  await page.getByRole('button', { name: 'Draw a sample' }).click();
  const dialog = page.getByRole('dialog', { name: 'Draw a sample' });
  await dialog.getByLabel('Name').fill(SAMPLE);
  await dialog.getByLabel('Units to read').fill('3');
  await dialog.getByLabel('From').selectOption({ label: 'three-calls.txt' });
  await dialog.getByRole('button', { name: 'Draw', exact: true }).click();
  await expect(page).toHaveURL(/\/quality#/);
  await expect(page.getByRole('heading', { name: SAMPLE })).toBeVisible();
  await expect(page.getByText(/0 of [34]/).first()).toBeVisible();
});

/** Opens the desk on our sample; false when nothing is left for this reader. */
async function openDesk(page: Page): Promise<boolean> {
  await page.goto('/audit');
  const line = page.getByRole('listitem').filter({ hasText: SAMPLE });
  await expect(line).toBeVisible();
  const read = line.getByRole('link', { name: 'Read' });
  if ((await read.count()) === 0) return false;
  await read.click();
  await expect(page.getByRole('region', { name: 'Item' })).toBeVisible();
  return true;
}

/** Decides what lies on the desk by keys alone. @returns whether it held the miss */
async function readOne(page: Page): Promise<boolean> {
  const item = page.getByRole('region', { name: 'Item' });
  const id = await item.getAttribute('data-task');
  const isLeaky = (await item.innerText()).includes('Brannagh');
  if (isLeaky) {
    await page.keyboard.press('f');
    const hint = page.getByRole('region', { name: 'Find with letters' }).getByRole('button', { name: 'Brannagh' });
    const letters = (await hint.innerText()).trim().slice(0, 2);
    for (const letter of letters) await page.keyboard.press(letter);
    await page.keyboard.press('p');
    await expect(page.getByRole('heading', { name: 'Missed (1)' })).toBeVisible();
  }
  await page.keyboard.press('Space');
  await expect
    .poll(async () => ((await item.count()) === 0 ? 'none' : await item.getAttribute('data-task')))
    .not.toBe(id);
  return isLeaky;
}

test('a reviewer reads by keyboard: clean with Space, a miss with its kind, undo', async ({ page, signIn }) => {
  await signIn('reviewer');
  expect(await openDesk(page)).toBe(true);
  const item = page.getByRole('region', { name: 'Item' });
  // The first decision is taken back and made again.
  const first = await item.getAttribute('data-task');
  await readOne(page);
  await page.keyboard.press('z');
  await expect(item).toHaveAttribute('data-task', first!);
  while (await page.getByRole('button', { name: /Drop/ }).count()) await page.keyboard.press('Backspace');
  let misses = 0;
  while ((await item.count()) > 0) if (await readOne(page)) misses++;
  expect(misses).toBe(1);
  await expect(page.getByText('Nothing left for you in this sample')).toBeVisible();
});

test('another reviewer reads what is to be read twice', async ({ page, signIn }) => {
  await signIn('reviewer', 1);
  if (!(await openDesk(page))) return;
  const item = page.getByRole('region', { name: 'Item' });
  while ((await item.count()) > 0) await readOne(page);
  await expect(toGo(page)).toBeDisabled();
});

test('what was found is masked in its unit and wherever else it stands', async ({ page, signIn }) => {
  await signIn('lead');
  await expect
    .poll(
      async () => {
        await page.goto('/units?q=Brannagh');
        return page.getByText('No unit fits this query').isVisible();
      },
      { timeout: 30_000, intervals: [1000] },
    )
    .toBe(true);
  await page.goto('/units?q=neighbour+parcel');
  await page.getByRole('table', { name: 'Units' }).getByRole('row').nth(1).getByRole('link').first().click();
  const reader = page.getByLabel('Transcript, redacted');
  await expect(reader).toContainText('[PERSON_');
  await expect(reader).not.toContainText('Brannagh');
});

test('the bound has moved; the lead seals and nothing can be changed any more', async ({ page, signIn }) => {
  await signIn('lead');
  await page.goto('/quality');
  const plan = page.locator('section', { has: page.getByRole('heading', { name: SAMPLE }) });
  await expect(plan).toContainText(/1 of them leaky/);
  await expect(plan).toContainText(/\d+(?:\.\d+)?\s?%/);
  await expect(plan).toContainText('person 1');
  await plan.getByRole('button', { name: 'Seal' }).click();
  await expect(plan).toContainText('sealed');
  await page.goto('/audit');
  await expect(page.getByRole('heading', { name: 'Sealed' })).toBeVisible();
});
