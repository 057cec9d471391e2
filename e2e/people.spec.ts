import { expect, test } from './fixtures.ts';

test('an admin invites; the link works once and its role works; a disabled person is out at once', async ({
  page,
  browser,
  signIn,
  store,
}) => {
  await signIn('admin');
  await page.goto('/settings/people');
  await page.getByRole('button', { name: 'Invite someone' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite someone' });
  await dialog.getByLabel('E-mail').fill('nilufer.stroud@example.com');
  await dialog.getByLabel('Role').selectOption('reviewer');
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const link = await dialog.getByText('/invite/').innerText();
  await dialog.getByRole('button', { name: 'Done' }).click();

  const theirs = await browser.newContext({ baseURL: store.url });
  const guest = await theirs.newPage();
  await guest.goto(link);
  await expect(guest.getByText('You were invited as reviewer.')).toBeVisible();
  await guest.getByLabel('Name').fill('Nilufer Stroud');
  await guest.getByLabel('Password').fill('eleven grey herons at dusk');
  await guest.getByRole('button', { name: 'Create account' }).click();
  await expect(guest.getByText('Your account is ready')).toBeVisible();
  await guest.getByLabel('E-mail').fill('nilufer.stroud@example.com');
  await guest.getByLabel('Password').fill('eleven grey herons at dusk');
  await guest.getByRole('button', { name: 'Sign in' }).click();
  await expect(guest.getByRole('heading', { level: 1 })).toContainText('Hello, Nilufer Stroud');
  await guest.goto('/audit');
  await expect(guest.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible();

  const again = await browser.newContext({ baseURL: store.url });
  const late = await again.newPage();
  await late.goto(link);
  await expect(late.getByText('This invitation has ended')).toBeVisible();
  await again.close();

  await page.reload();
  await page.getByRole('button', { name: 'Disable Nilufer Stroud' }).click();
  await expect(page.getByRole('button', { name: 'Enable Nilufer Stroud' })).toBeVisible();
  expect((await guest.request.get(`${store.url}/api/v1/queues`)).status()).toBe(401);
  await guest.goto('/audit');
  await expect(guest).toHaveURL(/\/sign-in/);
  await theirs.close();
});
