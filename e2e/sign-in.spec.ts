import { expect, type Role, test } from './fixtures.ts';

/** What each role finds in the side bar, and a page that is not for it. */
const ROLES: { role: Role; sees: string[]; notFor: { path: string; need: string } }[] = [
  { role: 'reviewer', sees: ['Audit', 'Units'], notFor: { path: '/imports', need: 'operator' } },
  { role: 'curator', sees: ['Units', 'Imports', 'Quarantine'], notFor: { path: '/quality', need: 'lead' } },
  { role: 'lead', sees: ['Audit', 'Units', 'Quality', 'Ledger'], notFor: { path: '/jobs', need: 'operator' } },
  { role: 'operator', sees: ['Imports', 'Jobs', 'Quarantine'], notFor: { path: '/units', need: 'reviewer' } },
  { role: 'admin', sees: ['Ledger', 'People'], notFor: { path: '/units', need: 'reviewer' } },
  { role: 'auditor', sees: ['Imports', 'Jobs', 'Ledger'], notFor: { path: '/quarantine', need: 'operator' } },
];

for (const { role, sees, notFor } of ROLES) {
  test(`a ${role} signs in, comes home and is kept out of ${notFor.path}`, async ({ page, store }) => {
    const user = store.users.find((one) => one.role === role)!;
    await page.goto('/');
    await expect(page).toHaveURL(/\/sign-in/);
    await page.getByLabel('E-mail').fill(user.email);
    await page.getByLabel('Password').fill(user.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Hello');
    await expect(page.getByText(`You are ${role}`)).toBeVisible();
    await expect(page.getByText('Invented data')).toBeVisible();
    const places = page.getByRole('navigation').first();
    for (const place of sees) await expect(places.getByRole('link', { name: place }).first()).toBeVisible();
    await page.goto(notFor.path);
    await expect(page.getByRole('heading', { name: 'Not for your role' })).toBeVisible();
    await expect(page.getByText(`You are ${role}`)).toContainText(notFor.need);
  });
}

test('a wrong password and an unknown address get the same answer', async ({ page, store }) => {
  for (const email of [store.users[0]!.email, 'nobody@example.com']) {
    await page.goto('/sign-in');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill('certainly not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('E-mail or password is wrong.')).toBeVisible();
  }
});

test('signing out ends the session on the server', async ({ page, signIn, store }) => {
  await signIn('reviewer');
  const cookies = await page.context().cookies();
  await page.goto('/');
  await page.getByRole('button', { name: /Runa Castell/ }).click();
  await page.getByText('Sign out').click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.context().addCookies(cookies);
  expect((await page.request.get(`${store.url}/api/v1/queues`)).status()).toBe(401);
});
