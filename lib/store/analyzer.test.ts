import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { DetectorAwayError } from '#lib/core/pii/plugin/plugin.ts';
import { analyzerAt } from './analyzer.ts';

let server: Server | undefined;
let asked: { text: string; language: string }[] = [];
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
  server = undefined;
});

/** A stub analyzer. @returns its address */
async function serve(answer: (text: string, response: ServerResponse, n: number) => void): Promise<string> {
  asked = [];
  server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const read = JSON.parse(body) as { text: string; language: string };
    asked.push(read);
    answer(read.text, response, asked.length);
  });
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const json = (response: ServerResponse, value: unknown): void => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
};
const quick = { timeoutMs: 200 };

describe('a detector behind HTTP', () => {
  it('is asked in the shape of Presidio, and its names and offsets become ours', async () => {
    const url = await serve((text, response) => {
      const start = [...text].indexOf('M');
      json(response, [
        { entity_type: 'PERSON', start, end: start + 4, score: 0.85, analysis_explanation: null },
        { entity_type: 'ZORB', start: 0, end: 2, score: 0.99 },
        { entity_type: 'DATE_TIME', start: 0, end: 2, score: 0.1 },
      ]);
    });
    const [spans] = await analyzerAt(url, quick).detect(['😀 hi Mara']);
    expect(asked).toEqual([{ text: '😀 hi Mara', language: 'en' }]);
    expect(spans).toEqual([
      { start: 0, end: 2, type: 'CONFIDENTIAL', score: 0.5 },
      { start: 5, end: 9, type: 'PERSON', score: 0.85 },
    ]);
  });

  it('gets long texts in pieces that overlap, and a value on the seam once', async () => {
    const text = `${'x'.repeat(3790)} Mara Quist ${'y'.repeat(5000)}`;
    const url = await serve((piece, response) => {
      const at = piece.indexOf('Mara Quist');
      json(response, at < 0 ? [] : [{ entity_type: 'PERSON', start: at, end: at + 10, score: 0.9 }]);
    });
    const [spans] = await analyzerAt(url, quick).detect([text]);
    expect(asked.length).toBe(3);
    expect(spans).toEqual([{ start: 3791, end: 3801, type: 'PERSON', score: 0.9 }]);
  });

  it('is tried again, and counts when it comes back', async () => {
    const url = await serve((_, response, n) => {
      if (n < 3) response.writeHead(503).end();
      else json(response, []);
    });
    expect(await analyzerAt(url, quick).detect(['hello'])).toEqual([[]]);
  });

  it.each([
    ['late', () => {}],
    ['broken', (_: string, response: ServerResponse) => response.end('{"oops"')],
    ['of another shape', (_: string, response: ServerResponse) => json(response, { spans: [] })],
    [
      'outside the text',
      (_: string, response: ServerResponse) => json(response, [{ entity_type: 'PERSON', start: 2, end: 99, score: 1 }]),
    ],
    [
      'empty spans',
      (_: string, response: ServerResponse) => json(response, [{ entity_type: 'PERSON', start: 3, end: 3, score: 1 }]),
    ],
    ['an error', (_: string, response: ServerResponse) => response.writeHead(500).end()],
    [
      'a redirect',
      (_: string, response: ServerResponse) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
  ] as const)('stops the job when the answer is %s, and says nothing of the text', async (_, answer) => {
    const url = await serve(answer as (text: string, response: ServerResponse) => void);
    const failure = await analyzerAt(url, { timeoutMs: 60 })
      .detect(['Mara Quist'])
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DetectorAwayError);
    expect((failure as DetectorAwayError).code).toBe('detector');
    expect(String((failure as Error).message)).not.toMatch(/Mara/);
  });

  it('stops the job when nobody listens', async () => {
    await expect(analyzerAt('http://127.0.0.1:1', quick).detect(['hello'])).rejects.toBeInstanceOf(DetectorAwayError);
  });
});
