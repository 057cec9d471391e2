import type { Page } from '@playwright/test';
import { untilSeeded } from './bring-in.ts';
import { expect, test } from './fixtures.ts';

/** Kilobytes of gzipped scripts that a first visit loads, as the browser received them. */
const MOST_KB = { signIn: 150, desk: 260, release: 330 };

/** Gzipped bytes of script as they came over the wire, without the heads of the answers; a fresh cache assumed. */
async function scriptsOf(page: Page, address: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const heads = new Map<string, number>();
  let bytes = 0;
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script') heads.set(requestId, response.encodedDataLength);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const head = heads.get(requestId);
    if (head !== undefined) bytes += encodedDataLength - head;
  });
  await page.goto(address, { waitUntil: 'networkidle' });
  await session.detach();
  return Math.round(bytes / 1000);
}

test.describe('scripts of a first visit', () => {
  test('the page a stranger meets is light', async ({ page }) => {
    const kb = await scriptsOf(page, '/sign-in');
    expect(kb).toBeGreaterThan(50);
    expect(kb, 'kB of script').toBeLessThanOrEqual(MOST_KB.signIn);
  });

  test('every desk stays within its weight', async ({ page, signIn, store }) => {
    await signIn('operator');
    await untilSeeded(page, store.url);
    await page.context().clearCookies();
    await signIn('lead');
    await page.goto('/audit');
    await page.getByRole('button', { name: 'Draw a sample' }).click();
    const dialog = page.getByRole('dialog', { name: 'Draw a sample' });
    await dialog.getByLabel('Name').fill('Weighed');
    await dialog.getByLabel('Units to read').fill('2');
    await dialog.getByRole('button', { name: 'Draw', exact: true }).click();
    await expect(page).toHaveURL(/\/quality#/);
    const queueId = new URL(page.url()).hash.slice(1);
    const linkOn = async (path: string, shape: RegExp): Promise<string | undefined> => {
      await page.goto(path);
      const links = await page.locator('main a').evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''));
      return links.find((href) => shape.test(href));
    };
    const desks = [
      `/audit/${queueId}`,
      await linkOn('/gold', /^\/gold\/(?!score)[^/]+$/),
      await linkOn('/steps', /^\/steps\/[^/]+$/),
      await linkOn('/pairs', /^\/pairs\/[0-9a-f-]{36}$/),
    ].flatMap((address) => address ?? []);
    expect(desks.length).toBeGreaterThanOrEqual(3);
    for (const desk of desks)
      expect(await scriptsOf(page, desk), `kB of script on ${desk.split('/')[1]}`).toBeLessThanOrEqual(MOST_KB.desk);
    expect(await scriptsOf(page, '/releases')).toBeLessThanOrEqual(MOST_KB.release);
  });
});
