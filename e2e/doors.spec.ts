/** The doors that machines use, against the running product: uploads with a token, and the real OpenTelemetry SDK. */
import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Page } from '@playwright/test';
import { untilSeeded } from './bring-in.ts';
import { expect, test } from './fixtures.ts';

/** By the page, as an operator would: a token bound to the first source. */
async function tokenByPage(page: Page): Promise<string> {
  await page.goto('/me');
  await page.getByRole('button', { name: 'Make a token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('shop service');
  await dialog.getByLabel('Bound to').selectOption({ index: 1 });
  await expect(dialog.getByText('It may')).toBeHidden();
  await dialog.getByRole('button', { name: 'Make it' }).click();
  const secret = dialog.getByText(/^asy_/);
  await expect(secret).toBeVisible();
  const token = (await secret.textContent())!.trim();
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await expect(page.getByText(/sends to /).first()).toBeVisible();
  return token;
}

/** @param blanks inside each record, so that a file is large and quick to read */
const rowsOf = (name: string, count: number, blanks = 0) =>
  Buffer.from(
    Array.from({ length: count }, (_, n) =>
      JSON.stringify({
        session_id: `${name}-${n}`,
        messages: [
          { role: 'user', content: `How many lamps are in box ${n} of ${name}?` },
          { role: 'assistant', content: 'Two. '.repeat(20) },
        ],
      }).replace(/^\{/, `{${' '.repeat(blanks)}`),
    ).join('\n'),
  );

test('a script sends two files with a bound token, is cut, asks where it stands, and goes on', async ({
  page,
  signIn,
  store,
}) => {
  test.setTimeout(240_000);
  await signIn('operator');
  await untilSeeded(page, store.url);
  const token = await tokenByPage(page);
  const { sources } = await (await page.request.get('/api/v1/sources')).json();
  const auth = { authorization: `Bearer ${token}` };
  const api = async (path: string, init: RequestInit = {}) =>
    fetch(`${store.url}/api/v1${path}`, { ...init, headers: { ...auth, ...init.headers } });
  const declare = async (filename: string, bytes: Buffer) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    let answer = new Response();
    // The token names no source in its answers: the one it is bound to is the one that is accepted.
    for (const { id } of sources) {
      answer = await api('/imports', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sourceId: id, filename, size: bytes.length, sha256 }),
      });
      if (answer.ok) break;
    }
    expect(answer.status).toBe(201);
    return (await answer.json()).id as string;
  };
  // More than the 10 MB that a proxy on the path would let through.
  const filler = rowsOf('big', 41, 300_000);
  const big = await declare('big.jsonl', filler);
  await new Promise<void>((resolve) => {
    const call = httpRequest(`${store.url}/api/v1/imports/${big}/content`, {
      method: 'PATCH',
      headers: { ...auth, 'upload-offset': '0', 'content-length': filler.length },
    });
    call.on('error', () => resolve());
    call.write(filler.subarray(0, 3_000_000), () => setTimeout(() => call.destroy(), 500));
  });
  let offset = 0;
  await expect
    .poll(async () => {
      offset = Number((await api(`/imports/${big}/content`, { method: 'HEAD' })).headers.get('upload-offset'));
      return offset;
    })
    .toBeGreaterThan(0);
  expect(offset).toBeLessThanOrEqual(3_000_000);
  const wrong = await api(`/imports/${big}/content`, {
    method: 'PATCH',
    headers: { 'upload-offset': String(offset + 1) },
    body: 'x',
  });
  expect([wrong.status, wrong.headers.get('upload-offset')]).toEqual([409, String(offset)]);
  const rest = await api(`/imports/${big}/content`, {
    method: 'PATCH',
    headers: { 'upload-offset': String(offset) },
    body: new Uint8Array(filler.subarray(offset)),
  });
  expect([rest.status, rest.headers.get('upload-offset')]).toEqual([204, String(filler.length)]);
  const small = rowsOf('small', 5);
  const second = await declare('small.jsonl', small);
  await api(`/imports/${second}/content`, {
    method: 'PATCH',
    headers: { 'upload-offset': '0' },
    body: new Uint8Array(small),
  });
  for (const id of [big, second]) expect((await api(`/imports/${id}/complete`, { method: 'POST' })).status).toBe(202);
  const stateOf = async (id: string) => (await (await api(`/imports/${id}`)).json()).state;
  await expect.poll(() => stateOf(big), { timeout: 60_000 }).toBe('done');
  await expect.poll(() => stateOf(second), { timeout: 60_000 }).toBe('done');
  expect((await (await api(`/imports/${big}`)).json()).counts).toEqual({
    records: 41,
    mapped: 41,
    duplicates: 0,
    quarantined: 0,
  });
  expect((await api('/sources')).status).toBe(403);
});

test('an OpenTelemetry SDK with two variables fills the store', async ({ page, signIn, store }) => {
  test.setTimeout(120_000);
  await signIn('operator');
  const token = await tokenByPage(page);
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = store.url;
  process.env.OTEL_EXPORTER_OTLP_HEADERS = `Authorization=Bearer%20${token}`;
  process.env.OTEL_EXPORTER_OTLP_COMPRESSION = 'gzip';
  const provider = new TracerProvider({
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  const part = (role: string, content: string) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
  provider
    .getTracer('shop')
    .startSpan('chat', {
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'lantern-chat-2',
        'gen_ai.input.messages': part('user', 'How bright is the lamp?'),
        'gen_ai.output.messages': part('assistant', 'Four hundred lumens.'),
      },
    })
    .end();
  await provider.forceFlush();
  for (const name of ['ENDPOINT', 'HEADERS', 'COMPRESSION']) delete process.env[`OTEL_EXPORTER_OTLP_${name}`];
  // Quiet for 20 seconds, looked at every 5.
  const telemetry = async () => {
    const { imports } = await (await page.request.get('/api/v1/imports')).json();
    return imports.find(
      ({ filename, state }: { filename: string; state: string }) =>
        filename.startsWith('telemetry') && state === 'done',
    );
  };
  await expect.poll(telemetry, { timeout: 60_000, intervals: [1000] }).toMatchObject({ adapter: 'otlp', units: 1 });
  expect((await telemetry()).counts).toEqual({ records: 1, mapped: 1, duplicates: 0, quarantined: 0 });
});
