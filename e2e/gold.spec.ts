import type { Page } from '@playwright/test';
import { untilSeeded } from './bring-in.ts';
import { expect, test } from './fixtures.ts';

test.describe.configure({ mode: 'serial' });

/** The first unit of a kind, opened on the gold desk. */
async function openUnit(page: Page, kind: 'qa' | 'agent'): Promise<string> {
  await page.goto(`/units?kind=${kind}`);
  await page.getByRole('table', { name: 'Units' }).getByRole('row').nth(1).getByRole('link').first().click();
  await expect(page.getByLabel('Transcript, redacted')).toBeVisible();
  const unitId = new URL(page.url()).pathname.split('/').at(-1)!;
  await page.goto(`/gold/${unitId}`);
  await expect(page.getByRole('region', { name: 'The unit' })).toBeVisible();
  return unitId;
}

async function scoreAll(page: Page): Promise<void> {
  for (const group of await page.locator('[data-criterion]').all()) await group.getByText('2 yes').click();
}

for (const kind of ['qa', 'agent'] as const) {
  test(`one person corrects a unit of kind ${kind} and proposes it, another seals it`, async ({
    page,
    signIn,
    store,
  }) => {
    await signIn('operator');
    await untilSeeded(page, store.url);
    await page.context().clearCookies();
    await signIn('curator');
    const unitId = await openUnit(page, kind);
    const propose = page.getByRole('button', { name: 'Propose as gold' });
    await expect(propose).toBeDisabled();
    await page.getByLabel('Gold: domain').fill('lighting');
    await page.getByLabel('Kind of event 0').selectOption('compaction');
    await expect(page.getByRole('button', { name: /Drop: event 0 is compaction/ })).toBeVisible();
    await scoreAll(page);
    await propose.click();
    await expect(page.getByText(/version \d+, proposed by you/)).toBeVisible();

    await page.context().clearCookies();
    await signIn('lead');
    await page.goto(`/gold/${unitId}`);
    await expect(page.getByText('the other person has scored it; hidden')).toBeVisible();
    const seal = page.getByRole('button', { name: /Accept and seal version/ });
    await expect(seal).toBeDisabled();
    await scoreAll(page);
    await seal.click();
    await expect(page.getByText('Sealed', { exact: true })).toBeVisible();
    await page.goto('/gold');
    await expect(
      page
        .getByRole('row')
        .or(page.getByRole('listitem'))
        .filter({ has: page.locator(`[href="/gold/${unitId}"]`) }),
    ).toContainText(/sealed/i);
  });
}

test('the machine is scored against what was sealed, each error with its unit', async ({ page, signIn }) => {
  await signIn('lead');
  await page.goto('/gold/score');
  const kinds = page.getByRole('row', { name: /Kind of each event/ });
  await expect(kinds).toContainText(/n \d+/);
  await expect(kinds).toContainText(/\d+ of \d+ say what gold says/);
  const domain = page.getByRole('row', { name: /^Domain/ });
  await expect(domain).toContainText('0 of 2 say what gold says');
  await expect(page.getByRole('row', { name: /^Cut of the unit/ })).toContainText('100.0 %');
});
