import { createHash } from 'node:crypto';
import { expect, type Page } from '@playwright/test';

/** Brings a file into the sample company's own source (other specs register some that allow no recipient) through the HTTP API and waits until it is done; the page is an operator's. @returns the import's id */
export async function bringIn(page: Page, url: string, filename: string, text: string): Promise<string> {
  const headers = { origin: url };
  const bytes = Buffer.from(text);
  const { sources } = await (await page.request.get(`${url}/api/v1/sources`)).json();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const source = sources.find((one: { recipientsAllowed: string[] }) => one.recipientsAllowed.length > 0);
  const data = { sourceId: source.id, filename, size: bytes.length, sha256 };
  const { id } = await (await page.request.post(`${url}/api/v1/imports`, { headers, data })).json();
  const content = `${url}/api/v1/imports/${id}/content`;
  const sent = await page.request.patch(content, { headers: { ...headers, 'upload-offset': '0' }, data: bytes });
  expect(sent.status()).toBe(204);
  const completed = await page.request.post(`${url}/api/v1/imports/${id}/complete`, { headers });
  expect(completed.ok()).toBe(true);
  const stateOf = async () => (await (await page.request.get(`${url}/api/v1/imports/${id}`)).json()).state;
  await expect.poll(stateOf, { timeout: 30_000, intervals: [250] }).toBe('done');
  return id;
}

/** Waits until the worker has read the sample company, however soon after the start it is asked. */
export async function untilSeeded(page: Page, url: string): Promise<void> {
  const open = async () => {
    const { imports } = await (await page.request.get(`${url}/api/v1/imports`)).json();
    return imports.filter(({ state }: { state: string }) => !['done', 'refused'].includes(state)).length;
  };
  await expect.poll(open, { timeout: 60_000, intervals: [500] }).toBe(0);
}
