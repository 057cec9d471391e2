import fs from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { untilSeeded } from './bring-in.ts';
import { expect, type Role, test } from './fixtures.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const ROLES: Role[] = ['reviewer', 'curator', 'lead', 'operator', 'admin', 'auditor'];
/** Every page that was built, from the build's own list. */
const PAGES = Object.entries(
  JSON.parse(fs.readFileSync(new URL('../.next/app-path-routes-manifest.json', import.meta.url), 'utf8')) as Record<
    string,
    string
  >,
)
  .filter(([name, path]) => name.endsWith('/page') && !path.startsWith('/_'))
  .map(([, path]) => path)
  .sort();

/** What axe finds: everything in light, and in dark what depends on colours. Violations are told by rule and place. */
async function faults(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const axe = new AxeBuilder({ page });
    const { violations } = await (scheme === 'light'
      ? axe.withTags(TAGS)
      : axe.withRules(['color-contrast'])
    ).analyze();
    for (const { id, nodes } of violations)
      found.push(`${scheme} ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  }
  return found;
}

/** A page with a place in its path is reached by the first link of that shape on the page above it. */
async function addressOf(page: Page, path: string): Promise<string | null> {
  if (!path.includes('[')) return path;
  const above = PAGES.findLast((one) => path.startsWith(`${one}/`)) ?? '/';
  const from = await addressOf(page, above);
  if (from === null) return null;
  await page.goto(from);
  const shape = new RegExp(`^${path.replaceAll(/\[[^\]]+\]/g, '[^/?#]+')}$`);
  const links = await page.locator('main a').evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''));
  return links.find((href) => shape.test(href) && !PAGES.includes(href)) ?? null;
}

test('a stranger meets accessible pages: sign in, set-up, an ended invitation', async ({ page }) => {
  for (const path of ['/sign-in', '/setup', '/invite/none']) {
    await page.goto(path);
    expect(await faults(page), path).toEqual([]);
  }
});

for (const role of ROLES) {
  test(`every page that a ${role} reaches is accessible, in light and dark`, async ({ page, signIn, store }) => {
    test.setTimeout(400_000);
    if (role === 'reviewer') {
      await signIn('operator');
      await untilSeeded(page, store.url);
      await page.context().clearCookies();
    }
    await signIn(role);
    const broken: string[] = [];
    page.on('pageerror', () => broken.push(`${new URL(page.url()).pathname}: an error in the page`));
    let reached = 0;
    for (const path of PAGES.filter((one) => !/^\/(?:sign-in|setup|invite)/.test(one))) {
      const address = await addressOf(page, path);
      if (!address) continue;
      const answer = await page.goto(address);
      if (answer!.status() >= 500) broken.push(`${path}: ${answer!.status()}`);
      if (page.url().includes('/not-allowed') && path !== '/not-allowed') continue;
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      reached++;
      for (const fault of await faults(page)) broken.push(`${path} ${fault}`);
    }
    expect(broken).toEqual([]);
    expect(reached).toBeGreaterThanOrEqual(4);
  });
}
