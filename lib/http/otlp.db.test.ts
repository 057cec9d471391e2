/** The real OpenTelemetry JS SDK sends to the receiver over HTTP; what it sent must come out as trajectories. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { context, trace } from '@opentelemetry/api';
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtoLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoTraces } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { NextRequest } from 'next/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withDatabase } from '#lib/store/testing/database.ts';
import { closeRules, closeTelemetry } from '#lib/usecases/imports/close-telemetry.ts';
import { showImport } from '#lib/usecases/imports/show-imports.ts';
import { makeToken } from '#lib/usecases/people/tokens.ts';
import { sweepDatabase } from '#lib/usecases/testing/sweep.ts';
import { withWorkshop, workUntilIdle } from '#lib/usecases/testing/workshop.ts';
import { otlpRoute } from './otlp.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);
const doors: Record<string, (request: NextRequest) => Promise<Response>> = {
  '/v1/traces': otlpRoute('traces'),
  '/v1/logs': otlpRoute('logs'),
};

let server: Server;
let token: string;
const answers: { status: number; type: string | null; encoding: string | undefined }[] = [];
beforeAll(async () => {
  server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const request = new NextRequest(`${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}${incoming.url}`, {
      method: 'POST',
      headers: incoming.headers as Record<string, string>,
      body: Buffer.concat(chunks),
    });
    const answer = await doors[incoming.url!]!(request);
    answers.push({
      status: answer.status,
      type: answer.headers.get('content-type'),
      encoding: incoming.headers['content-encoding'],
    });
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  token = (await makeToken(shop.as.operator, { name: 'shop', scopes: ['import'], days: 1, sourceId: shop.sourceId }))
    .token;
  // The two lines of docs/formats.md.
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.OTEL_EXPORTER_OTLP_HEADERS = `Authorization=Bearer%20${token}`;
});
afterEach(() => {
  answers.length = 0;
});
afterAll(async () => {
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  delete process.env.OTEL_EXPORTER_OTLP_HEADERS;
  delete process.env.OTEL_EXPORTER_OTLP_COMPRESSION;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const PLANTED = 'imke.vandersloot@brightwater.example';
const messages = (role: string, text: string) => JSON.stringify([{ role, parts: [{ type: 'text', content: text }] }]);

/** An agent run: its span, a model call that asks for a tool, the tool, and the answer. @returns the trace id */
async function tellRun(exporter: JsonTraces | ProtoTraces, question: string, more: Record<string, string> = {}) {
  const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter })] });
  const tracer = provider.getTracer('shop');
  const run = tracer.startSpan('invoke_agent desk', {
    attributes: { 'gen_ai.operation.name': 'invoke_agent', ...more },
  });
  const within = trace.setSpan(context.active(), run);
  const call = [{ type: 'tool_call', id: 'call_1', name: 'get_order', arguments: { id: 77 } }];
  tracer
    .startSpan(
      'chat',
      {
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'lantern-chat-2',
          'gen_ai.input.messages': messages('user', question),
          'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: call, finish_reason: 'tool_call' }]),
          ...more,
        },
      },
      within,
    )
    .end();
  tracer
    .startSpan(
      'execute_tool get_order',
      {
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'get_order',
          'gen_ai.tool.call.id': 'call_1',
          'gen_ai.tool.call.arguments': '{"id":77}',
          'gen_ai.tool.call.result': 'shipped on Monday',
        },
      },
      within,
    )
    .end();
  tracer
    .startSpan(
      'chat',
      {
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'lantern-chat-2',
          'gen_ai.output.messages': messages('assistant', 'It was shipped on Monday.'),
          ...more,
        },
      },
      within,
    )
    .end();
  run.end();
  await provider.forceFlush();
  await provider.shutdown();
  return run.spanContext().traceId;
}

const over = { ...closeRules(), settle: 0, idle: 0, gather: 0 };
async function closeAll(): Promise<string[]> {
  await database.query(
    `update span_group set last_at = last_at - interval '1 second', pending_since = pending_since - interval '1 second'`,
  );
  const made = await closeTelemetry(over);
  await workUntilIdle();
  return made;
}
const trajectoriesOf = (importId: string) =>
  database.query<{ id: string; event_count: number }>('select id, event_count from trajectory where import_id = $1', [
    importId,
  ]);

describe('the real SDK with two environment variables', () => {
  it.each([
    ['http/protobuf', () => new ProtoTraces(), 'application/x-protobuf'],
    ['http/json', () => new JsonTraces(), 'application/json'],
  ])('sends over %s, and the run comes out as one trajectory', async (_, exporter, type) => {
    await tellRun(exporter(), `Where is the order of ${PLANTED}?`);
    expect(answers).toEqual([{ status: 200, type, encoding: undefined }]);
    const [importId, ...others] = await closeAll();
    expect(others).toEqual([]);
    const view = await showImport(shop.as.operator, importId!);
    expect(view).toMatchObject({ state: 'done', adapter: 'otlp', trajectories: 1, units: 1 });
    expect(view.counts).toEqual({ records: 4, mapped: 4, duplicates: 0, quarantined: 0 });
    const [unit] = await database.query<{ kind: string; tools: string[]; models: string[] }>(
      'select kind, tools, models from unit where import_id = $1',
      [importId],
    );
    expect(unit).toEqual({ kind: 'agent', tools: ['get_order'], models: ['lantern-chat-2'] });
  });

  it('sends gzip when it is told to', async () => {
    process.env.OTEL_EXPORTER_OTLP_COMPRESSION = 'gzip';
    await tellRun(new ProtoTraces(), 'Is the tent in stock?');
    delete process.env.OTEL_EXPORTER_OTLP_COMPRESSION;
    expect(answers).toMatchObject([{ status: 200, encoding: 'gzip' }]);
    expect(await closeAll()).toHaveLength(1);
  });

  it.each([
    ['http/protobuf', () => new ProtoLogs()],
    ['http/json', () => new JsonLogs()],
  ])('sends log records over %s, told with the span that they name', async (_, logExporter) => {
    const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: new ProtoTraces() })] });
    const loggers = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter: logExporter() })] });
    const span = provider.getTracer('shop').startSpan('chat', {
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'lantern-chat-2' },
    });
    const logger = loggers.getLogger('shop');
    const emit = (eventName: string, body: object) =>
      logger.emit({
        eventName,
        body: body as never,
        context: trace.setSpan(context.active(), span),
      });
    emit('gen_ai.user.message', { content: 'How long is the rope?' });
    emit('gen_ai.choice', {
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'Forty metres.' },
    });
    span.end();
    await loggers.forceFlush();
    await provider.forceFlush();
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const [importId] = await closeAll();
    expect((await showImport(shop.as.operator, importId!)).counts).toEqual({
      records: 3,
      mapped: 2,
      duplicates: 1,
      quarantined: 0,
    });
    const heads = await database.query<{ kind: string; events: number }>(
      `select kind, event_count as events from unit where import_id = $1`,
      [importId],
    );
    expect(heads).toEqual([{ kind: 'qa', events: 2 }]);
  });

  it('leaves no raw text outside the vault, not in the sealed batches either', async () => {
    expect(await sweepDatabase(database, [PLANTED])).toEqual([]);
    expect(await database.query('select 1 from span_batch')).not.toEqual([]);
  });
});

const hex = (bytes: number, seed: number) => Buffer.alloc(bytes, seed).toString('hex');
const spanOf = (traceNo: number, spanNo: number, more: { parent?: number; session?: string } = {}) => ({
  traceId: hex(16, traceNo),
  spanId: hex(8, spanNo),
  ...(more.parent && { parentSpanId: hex(8, more.parent) }),
  name: 'chat',
  startTimeUnixNano: `17800000000000000${String(spanNo).padStart(2, '0')}`,
  endTimeUnixNano: `17800000010000000${String(spanNo).padStart(2, '0')}`,
  attributes: [
    { key: 'gen_ai.operation.name', value: { stringValue: more.parent ? 'chat' : 'invoke_agent' } },
    ...(more.parent
      ? [
          { key: 'gen_ai.input.messages', value: { stringValue: messages('user', `Question ${spanNo}?`) } },
          { key: 'gen_ai.output.messages', value: { stringValue: messages('assistant', `Answer ${spanNo}.`) } },
        ]
      : []),
    ...(more.session ? [{ key: 'session.id', value: { stringValue: more.session } }] : []),
  ],
});
const exportOf = (...spans: object[]) =>
  JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: 't' }, spans }] }] });
const send = (body: string | Buffer, headers: Record<string, string> = {}, path = '/v1/traces') =>
  doors[path]!(
    new NextRequest(`http://127.0.0.1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: body as BodyInit,
    }),
  );

describe('spans that come in pieces', () => {
  it('wait until their trace is over and quiet: nothing is imported by luck', async () => {
    await send(exportOf(spanOf(1, 2, { parent: 1 })));
    expect(await closeTelemetry()).toEqual([]);
    expect(await closeTelemetry({ ...closeRules(), settle: 0 })).toEqual([]); // its first span has not come
    await send(exportOf(spanOf(1, 1)));
    expect(await closeTelemetry()).toEqual([]); // not quiet for long enough
    await database.query(`update span_group set last_at = last_at - interval '21 seconds'`);
    expect(await closeTelemetry()).toHaveLength(1);
    await workUntilIdle();
    expect(await closeTelemetry(over)).toEqual([]);
  });

  it('are one event a span id, however often one is sent', async () => {
    await send(exportOf(spanOf(3, 1), spanOf(3, 2, { parent: 1 })));
    await send(exportOf(spanOf(3, 2, { parent: 1 })));
    await send(exportOf(spanOf(3, 1), spanOf(3, 2, { parent: 1 })));
    const [importId] = await closeAll();
    expect((await showImport(shop.as.operator, importId!)).counts).toEqual({
      records: 5,
      mapped: 2,
      duplicates: 3,
      quarantined: 0,
    });
    expect(await trajectoriesOf(importId!)).toMatchObject([{ event_count: 3 }]);
  });

  it('that come late join the trajectory that is there', async () => {
    await send(exportOf(spanOf(4, 1)));
    const [first] = await closeAll();
    const [before] = await trajectoriesOf(first!);
    await send(exportOf(spanOf(4, 2, { parent: 1 })));
    const [second] = await closeAll();
    const [after, ...others] = await trajectoriesOf(second!);
    expect(others).toEqual([]);
    expect(after).toMatchObject({ id: before!.id, event_count: 3 });
    expect(await trajectoriesOf(first!)).toEqual([]);
    expect((await showImport(shop.as.operator, second!)).counts).toEqual({
      records: 2,
      mapped: 2,
      duplicates: 0,
      quarantined: 0,
    });
    const units = await database.query('select 1 from unit where trajectory_id = $1 and withdrawn_at is null', [
      before!.id,
    ]);
    expect(units).toHaveLength(1);
  });

  it('of several traces are one trajectory where they name one session, in whatever order that is learned', async () => {
    await send(exportOf(spanOf(5, 1)));
    await send(exportOf(spanOf(6, 2, { session: 'walk-9' })));
    await send(exportOf(spanOf(5, 3, { parent: 1, session: 'walk-9' })));
    expect(await database.query('select 1 from span_group where pending_since is not null')).toHaveLength(1);
    expect(await closeTelemetry({ ...over, idle: 300 })).toEqual([]); // a session is over when it is quiet
    const [importId] = await closeAll();
    expect(await trajectoriesOf(importId!)).toMatchObject([{ event_count: 4 }]);
  });

  it('of a session that says it is over need not wait', async () => {
    await send(exportOf(spanOf(7, 1, { session: 'walk-10' })));
    const ended = {
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: '1780000001000000000',
                  eventName: 'session.end',
                  attributes: [{ key: 'session.id', value: { stringValue: 'walk-10' } }],
                },
              ],
            },
          ],
        },
      ],
    };
    expect((await send(JSON.stringify(ended), {}, '/v1/logs')).status).toBe(200);
    await database.query(`update span_group set last_at = last_at - interval '21 seconds'`);
    expect(await closeTelemetry({ ...closeRules(), gather: 0 })).toHaveLength(1);
    await workUntilIdle();
  });

  it('are forgotten a day after their import, and not before', async () => {
    const count = async () => (await database.query('select 1 from span_batch')).length;
    await closeAll();
    expect(await count()).toBeGreaterThan(0);
    await database.query(`update span_group set last_at = now() - interval '25 hours'`);
    await closeTelemetry();
    expect(await count()).toBe(0);
    expect(await database.query('select 1 from span_key')).toEqual([]);
  });
});

describe('a sender that is refused', () => {
  const bodyOf = async (answer: Response) => (await answer.json()) as { code: number; message: string };

  it('without a token hears 401 in its own encoding', async () => {
    const answer = await send(exportOf(spanOf(9, 1)), { authorization: 'Bearer asy_wrong' });
    expect(answer.status).toBe(401);
    expect(await bodyOf(answer)).toMatchObject({ code: 16 });
    const proto = await send(Buffer.of(), {
      authorization: 'Bearer asy_wrong',
      'content-type': 'application/x-protobuf',
    });
    expect([proto.status, proto.headers.get('content-type')]).toEqual([401, 'application/x-protobuf']);
  });

  it('with a token of no source, or of a person who may not import, hears 403', async () => {
    const of = async (role: 'operator' | 'reviewer', sourceId?: string) =>
      (await makeToken(shop.as[role], { name: 'x', scopes: ['import'], days: 1, sourceId })).token;
    for (const wrong of [await of('operator'), await of('reviewer', shop.sourceId)]) {
      const answer = await send(exportOf(spanOf(9, 1)), { authorization: `Bearer ${wrong}` });
      expect([answer.status, (await bodyOf(answer)).code]).toEqual([403, 7]);
    }
  });

  it.each<[string, string | Buffer, Record<string, string>, number]>([
    ['no JSON', '{"resourceSpans": [', {}, 400],
    ['another signal', JSON.stringify({ resourceLogs: [] }), {}, 400],
    ['no protobuf', Buffer.from('ffff', 'hex'), { 'content-type': 'application/x-protobuf' }, 400],
    ['broken gzip', Buffer.from('1f8b0800', 'hex'), { 'content-encoding': 'gzip' }, 400],
    ['an unknown packing', '{}', { 'content-encoding': 'br' }, 415],
    ['an unknown type', '{}', { 'content-type': 'text/plain' }, 415],
    ['too much', Buffer.alloc(17 * 1024 ** 2, 0x20), {}, 413],
    ['a bomb', gzipSync(Buffer.alloc(65 * 1024 ** 2, 0x20)), { 'content-encoding': 'gzip' }, 413],
  ])('with %s hears why, and nothing is kept', async (_, body, headers, status) => {
    const before = await database.query('select 1 from span_batch');
    const answer = await send(body, headers);
    expect(answer.status).toBe(status);
    expect(await database.query('select 1 from span_batch')).toHaveLength(before.length);
  });

  it('in part hears how many', async () => {
    const answer = await send(exportOf(spanOf(9, 1), { traceId: '00', spanId: hex(8, 2), name: 'chat' }));
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { partialSuccess: { rejectedSpans: '1', errorMessage: 'without a valid trace or span id' } },
    ]);
  });

  it('while too much waits is told when to come again', async () => {
    process.env.ASSAY_MAX_UPLOAD = '1000';
    const answer = await send(exportOf(spanOf(9, 1), spanOf(9, 2)));
    delete process.env.ASSAY_MAX_UPLOAD;
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
  });

  it('while the vault is away is told to try again: nothing is written unsealed', async () => {
    const socket = process.env.ASSAY_VAULT_SOCKET;
    process.env.ASSAY_VAULT_SOCKET = '/nowhere/vault.sock';
    const answer = await send(exportOf(spanOf(9, 1)));
    process.env.ASSAY_VAULT_SOCKET = socket;
    expect([answer.status, answer.headers.has('retry-after')]).toEqual([503, true]);
  });

  it('after 300 calls in a minute waits, and another token does not', async () => {
    const [row] = await database.query<{ id: string }>(`select id from api_token where name = 'shop'`);
    await database.query('update api_token set window_at = now(), window_count = 300 where id = $1', [row!.id]);
    const answer = await send('{}');
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(50);
    const other = await makeToken(shop.as.operator, {
      name: 'other',
      scopes: ['import'],
      days: 1,
      sourceId: shop.sourceId,
    });
    expect((await send('{}', { authorization: `Bearer ${other.token}` })).status).toBe(200);
    await database.query('update api_token set window_at = null where id = $1', [row!.id]);
  });
});

describe('a token that is bound to a source', () => {
  it('sends to that one and sees its imports, and may do nothing else', async () => {
    const { actorOfToken } = await import('#lib/store/session.ts');
    const { startImport } = await import('#lib/usecases/imports/receive-logs.ts');
    const { showImports, showQuarantine } = await import('#lib/usecases/imports/show-imports.ts');
    const { showSources } = await import('#lib/usecases/imports/sources.ts');
    const actor = (await actorOfToken(token))!;
    const other = await shop.newSource('other desk');
    const file = (sourceId: string) => ({ sourceId, filename: 'a.jsonl', size: 1, sha256: 'ab'.repeat(32) });
    await expect(startImport(actor, file(other))).rejects.toMatchObject({ code: 'source_missing' });
    const elsewhere = await startImport(shop.as.operator, file(other));
    await startImport(actor, file(shop.sourceId));
    const seen = await showImports(actor);
    expect(new Set(seen.map(({ sourceId }) => sourceId))).toEqual(new Set([shop.sourceId]));
    await expect(showImport(actor, elsewhere.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(showSources(actor)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(showQuarantine(actor, {})).rejects.toMatchObject({ code: 'forbidden' });
  });
});
