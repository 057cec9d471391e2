import { test as base, type Page } from '@playwright/test';
import type { DemoUser } from './start-assay.ts';

export { expect } from '@playwright/test';

/** The demo store that the global setup started. */
export interface DemoStore {
  url: string;
  dataDir: string;
  /** what its processes logged */
  logFile: string;
  users: DemoUser[];
}

export type Role = 'reviewer' | 'curator' | 'lead' | 'operator' | 'admin' | 'auditor';

interface Fixtures {
  store: DemoStore;
  /** Signs this page's browser in as the n-th person of a role (the first when not said). */
  signIn(role: Role, nth?: number): Promise<DemoUser>;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern
  store: async ({}, use) => {
    await use(JSON.parse(process.env.ASSAY_E2E ?? '{}') as DemoStore);
  },
  baseURL: async ({ store }, use) => {
    await use(store.url);
  },
  signIn: async ({ page, store }, use) => {
    await use(async (role, nth = 0) => {
      const user = store.users.filter((one) => one.role === role)[nth];
      if (!user) throw new Error(`the demo has no ${role} number ${nth + 1}`);
      await signInAs(page, store.url, user);
      return user;
    });
  },
});

/** By the API, without the form; the form has its own spec. */
export async function signInAs(page: Page, url: string, user: DemoUser): Promise<void> {
  const headers = { origin: url };
  const { csrfToken } = await (await page.request.get(`${url}/api/auth/csrf`)).json();
  const form = { csrfToken, email: user.email, password: user.password, callbackUrl: url, json: 'true' };
  const answer = await page.request.post(`${url}/api/auth/callback/credentials`, { form, headers });
  if (answer.status() !== 200) throw new Error(`signing in as ${user.role} answered ${answer.status()}`);
}
