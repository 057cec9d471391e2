import { BinaryWriter } from '@bufbuild/protobuf/wire';
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadExport, decodeProtobuf } from './decode-protobuf.ts';
import { encodeStatus, encodeTaken, encodingOf } from './encode-answer.ts';
import { splitExport } from './split-export.ts';

type Attributes = Record<string, string | number | boolean | string[]>;

function spansOf(attributes: Attributes, name = 'chat') {
  const exporter = new InMemorySpanExporter();
  const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer(
    'test',
    '1.2',
  );
  const span = tracer.startSpan(name, { attributes, startTime: [1_780_000_000, 123_456_789] });
  span.addEvent('gen_ai.user.message', { content: 'How long is the rope?' });
  span.recordException(new Error('rope broke'));
  span.setStatus({ code: 2, message: 'rope broke' });
  span.end([1_780_000_001, 5]);
  return exporter.getFinishedSpans();
}
const told = (bytes: Uint8Array | undefined) => JSON.parse(Buffer.from(bytes!).toString('utf8'));
/** Both encodings say the same; the JSON one may leave out what is empty. */
const withoutEmpty = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(withoutEmpty)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value).flatMap(([key, held]) => {
            const kept = withoutEmpty(held);
            const isEmpty = kept === 0 || kept === '' || kept === '0' || (Array.isArray(kept) && kept.length === 0);
            return isEmpty ? [] : [[key, key === 'intValue' ? String(kept) : kept]];
          }),
        )
      : value;
const plain = (value: unknown) => withoutEmpty(JSON.parse(JSON.stringify(value)));

describe('OTLP as protobuf', () => {
  it('says what the JSON of the same spans says, to the last nanosecond', () => {
    const spans = spansOf({
      'gen_ai.request.model': 'lantern-chat-2',
      'gen_ai.usage.input_tokens': 12,
      ratio: 0.25,
      yes: true,
      list: ['a', 'b'],
    });
    const decoded = decodeProtobuf('traces', ProtobufTraceSerializer.serializeRequest(spans)!);
    expect(plain(decoded)).toEqual(plain(told(JsonTraceSerializer.serializeRequest(spans))));
    expect(JSON.stringify(decoded)).toContain('"startTimeUnixNano":"1780000000123456789"');
  });

  it('says so for log records with bodies of any depth too', () => {
    const exporter = new InMemoryLogRecordExporter();
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
    provider.getLogger('test').emit({
      eventName: 'gen_ai.choice',
      timestamp: 1_780_000_000_000,
      body: {
        index: 0,
        message: { role: 'assistant', content: 'Forty metres.', parts: [{ deep: [1, 2.5, false, null] }] },
      },
      attributes: { 'gen_ai.provider.name': 'lantern' },
    });
    const logs = exporter.getFinishedLogRecords();
    const decoded = decodeProtobuf('logs', ProtobufLogsSerializer.serializeRequest(logs)!);
    expect(plain(decoded)).toEqual(plain(told(JsonLogsSerializer.serializeRequest(logs))));
  });

  it('says so for any attributes', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
      fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), value, { maxKeys: 6, noNullPrototype: true }),
        (attributes) => {
          const spans = spansOf(attributes);
          expect(plain(decodeProtobuf('traces', ProtobufTraceSerializer.serializeRequest(spans)!))).toEqual(
            plain(told(JsonTraceSerializer.serializeRequest(spans))),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is refused by place when it is cut at any byte, and never more than that', () => {
    const bytes = ProtobufTraceSerializer.serializeRequest(spansOf({ a: 'b' }))!;
    expect(bytes.length).toBeGreaterThan(100);
    for (let end = 1; end < bytes.length; end++) {
      expect(() => decodeProtobuf('traces', bytes.subarray(0, end))).toThrow(BadExport);
    }
  });

  it('never crashes on bytes of anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeProtobuf('logs', bytes);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(BadExport);
          expect((thrown as Error).message).toMatch(/^[a-z0-9 ]+$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('skips fields of later versions and refuses values nested without end', () => {
    const later = new BinaryWriter().tag(99, 2).string('of a later version').finish();
    expect(decodeProtobuf('traces', later)).toEqual({});
    let value = new BinaryWriter().tag(1, 2).string('deep').finish();
    for (let depth = 0; depth < 5000; depth++)
      value = new BinaryWriter().tag(5, 2).bytes(new BinaryWriter().tag(1, 2).bytes(value).finish()).finish();
    let wrapped = new BinaryWriter().tag(5, 2).bytes(value).finish();
    for (const no of [2, 2, 1]) wrapped = new BinaryWriter().tag(no, 2).bytes(wrapped).finish();
    expect(() => decodeProtobuf('logs', wrapped)).toThrow(/nested deeper/);
  });

  it('keeps a key named __proto__ as a key', () => {
    const decoded = decodeProtobuf(
      'traces',
      ProtobufTraceSerializer.serializeRequest(spansOf({ __proto__x: 'a', constructor: 'b' }))!,
    );
    expect(JSON.stringify(decoded)).toContain('"key":"constructor"');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('an export request', () => {
  const trace = 'a1'.repeat(16);
  const span = (spanId: string, more: object = {}) => ({ traceId: trace, spanId, name: 'chat', ...more });
  const request = (...spans: object[]) =>
    ({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: 's' }, spans }] }] }) as never;

  it('becomes a line a span, each with its resource and scope and nothing of the others', () => {
    const { items, rejected } = splitExport(
      'traces',
      request(span('b1'.repeat(8)), span('b2'.repeat(8), { parentSpanId: 'b1'.repeat(8) })),
    );
    expect(rejected).toBe(0);
    expect(items.map(({ traceId, isRoot }) => ({ traceId, isRoot }))).toEqual([
      { traceId: trace, isRoot: true },
      { traceId: trace, isRoot: false },
    ]);
    expect(JSON.parse(items[1]!.line)).toEqual(request(span('b2'.repeat(8), { parentSpanId: 'b1'.repeat(8) })));
    expect(items[0]!.line).not.toContain('\n');
  });

  it('loses no span: each is a line or is counted as refused', () => {
    const hex = (length: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
    const anySpan = fc.record({
      traceId: fc.oneof(hex(32), fc.constant('0'.repeat(32)), fc.string(), fc.constant(undefined)),
      spanId: fc.oneof(hex(16), fc.anything()),
    });
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 8 }), (spans) => {
        const { items, rejected } = splitExport('traces', request(...(spans as object[])));
        expect(items.length + rejected).toBe(spans.length);
      }),
      { numRuns: 100 },
    );
  });

  it('names the session that the adapter would tell it by', () => {
    const attributes = [{ key: 'session.id', value: { stringValue: 'walk-7' } }];
    expect(splitExport('traces', request(span('b1'.repeat(8), { attributes }))).items[0]).toMatchObject({
      sessionId: 'walk-7',
    });
  });

  it.each([[[]], ['text'], [{ resourceLogs: [] }], [{ resourceSpans: {} }], [{ resourceSpans: [7] }]])(
    'that is none is refused: %j',
    (value) => {
      expect(() => splitExport('traces', value as never)).toThrow(BadExport);
    },
  );
});

describe('what a sender is told', () => {
  it('is empty when all was taken, in both encodings', () => {
    expect(encodeTaken('traces', 'protobuf', 0, '')).toHaveLength(0);
    expect(told(encodeTaken('traces', 'json', 0, ''))).toEqual({});
  });
  it('names how many were refused, so that the SDK reads it', () => {
    expect(ProtobufTraceSerializer.deserializeResponse(encodeTaken('traces', 'protobuf', 3, 'no id'))).toMatchObject({
      partialSuccess: { errorMessage: 'no id' },
    });
    expect(told(encodeTaken('logs', 'json', 3, 'no id'))).toEqual({
      partialSuccess: { rejectedLogRecords: '3', errorMessage: 'no id' },
    });
  });
  it('is a status with a gRPC code for a refusal', () => {
    expect(told(encodeStatus('json', 429, 'Too many requests.'))).toEqual({ code: 8, message: 'Too many requests.' });
    expect(Buffer.from(encodeStatus('protobuf', 401, 'x')).toString('hex')).toBe('0810120178');
  });
  it('is in the encoding that was spoken', () => {
    expect(encodingOf('application/json; charset=utf-8')).toBe('json');
    expect(encodingOf('application/x-protobuf')).toBe('protobuf');
    expect(encodingOf('text/plain')).toBeUndefined();
    expect(encodingOf(null)).toBeUndefined();
  });
});
