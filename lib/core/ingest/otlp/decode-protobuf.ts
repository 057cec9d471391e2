/**
 * OTLP as protobuf, told as OTLP/JSON tells it: names in camelCase, ids in hex, 64 bit numbers as strings, enums as
 * numbers. The wire is read by @bufbuild/protobuf; the fields are the tables below (opentelemetry-proto 1.x, whose
 * numbers never change). Fields that no table names are skipped, as proto3 asks.
 */
import { BinaryReader, type WireType } from '@bufbuild/protobuf/wire';
import type { Json, JsonObject } from '../../trajectory/json.ts';

export type Signal = 'traces' | 'logs';

/** What is no message of that signal. `message` names the place in the bytes and nothing that stands there. */
export class BadExport extends Error {}

type Scalar = 'string' | 'hex' | 'base64' | 'bool' | 'uint32' | 'enum' | 'int64' | 'double' | 'fixed64' | 'fixed32';
type Field = { name: string; type: Scalar | (() => Table); many?: true };
type Table = { [no: number]: Field };

const one = (name: string, type: Field['type']): Field => ({ name, type });
const many = (name: string, type: Field['type']): Field => ({ name, type, many: true });

const ANY: Table = {
  1: one('stringValue', 'string'),
  2: one('boolValue', 'bool'),
  3: one('intValue', 'int64'),
  4: one('doubleValue', 'double'),
  5: one('arrayValue', () => ({ 1: many('values', () => ANY) })),
  6: one('kvlistValue', () => ({ 1: many('values', () => KEY_VALUE) })),
  7: one('bytesValue', 'base64'),
};
const KEY_VALUE: Table = { 1: one('key', 'string'), 2: one('value', () => ANY) };
const attributes = many('attributes', () => KEY_VALUE);
const dropped = one('droppedAttributesCount', 'uint32');
const RESOURCE: Table = { 1: attributes, 2: dropped };
const SCOPE: Table = { 1: one('name', 'string'), 2: one('version', 'string'), 3: attributes, 4: dropped };
const EVENT: Table = { 1: one('timeUnixNano', 'fixed64'), 2: one('name', 'string'), 3: attributes, 4: dropped };
const LINK: Table = {
  1: one('traceId', 'hex'),
  2: one('spanId', 'hex'),
  3: one('traceState', 'string'),
  4: attributes,
  5: dropped,
  6: one('flags', 'fixed32'),
};
const SPAN: Table = {
  1: one('traceId', 'hex'),
  2: one('spanId', 'hex'),
  3: one('traceState', 'string'),
  4: one('parentSpanId', 'hex'),
  5: one('name', 'string'),
  6: one('kind', 'enum'),
  7: one('startTimeUnixNano', 'fixed64'),
  8: one('endTimeUnixNano', 'fixed64'),
  9: attributes,
  10: dropped,
  11: many('events', () => EVENT),
  12: one('droppedEventsCount', 'uint32'),
  13: many('links', () => LINK),
  14: one('droppedLinksCount', 'uint32'),
  15: one('status', () => ({ 2: one('message', 'string'), 3: one('code', 'enum') })),
  16: one('flags', 'fixed32'),
};
const LOG: Table = {
  1: one('timeUnixNano', 'fixed64'),
  2: one('severityNumber', 'enum'),
  3: one('severityText', 'string'),
  5: one('body', () => ANY),
  6: attributes,
  7: dropped,
  8: one('flags', 'fixed32'),
  9: one('traceId', 'hex'),
  10: one('spanId', 'hex'),
  11: one('observedTimeUnixNano', 'fixed64'),
  12: one('eventName', 'string'),
};
const request = (resources: string, scopes: string, items: string, item: Table): Table => ({
  1: many(resources, () => ({
    1: one('resource', () => RESOURCE),
    2: many(scopes, () => ({
      1: one('scope', () => SCOPE),
      2: many(items, () => item),
      3: one('schemaUrl', 'string'),
    })),
    3: one('schemaUrl', 'string'),
  })),
});
const REQUESTS: Record<Signal, Table> = {
  traces: request('resourceSpans', 'scopeSpans', 'spans', SPAN),
  logs: request('resourceLogs', 'scopeLogs', 'logRecords', LOG),
};

/** Values inside values; deeper ones are refused before the stack is. */
const MAX_DEPTH = 200;
const WIRE: Record<Scalar, WireType> = {
  string: 2,
  hex: 2,
  base64: 2,
  bool: 0,
  uint32: 0,
  enum: 0,
  int64: 0,
  double: 1,
  fixed64: 1,
  fixed32: 5,
};

/** @throws BadExport when the bytes are no such message */
export function decodeProtobuf(signal: Signal, bytes: Uint8Array): JsonObject {
  const reader = new BinaryReader(bytes);
  try {
    return readMessage(reader, bytes.byteLength, REQUESTS[signal], 0);
  } catch (thrown) {
    if (thrown instanceof BadExport) throw thrown;
    throw new BadExport(`not protobuf from byte ${reader.pos} on`);
  }
}

function readMessage(reader: BinaryReader, end: number, table: Table, depth: number): JsonObject {
  if (depth > MAX_DEPTH) throw new BadExport(`nested deeper than ${MAX_DEPTH} levels at byte ${reader.pos}`);
  const message: JsonObject = Object.create(null);
  while (reader.pos < end) {
    const at = reader.pos;
    const [no, wire] = reader.tag();
    const field = table[no];
    if (!field) {
      reader.skip(wire, no);
      continue;
    }
    if (wire !== (typeof field.type === 'string' ? WIRE[field.type] : 2))
      throw new BadExport(`another type than expected at byte ${at}`);
    const value =
      typeof field.type === 'string' ? readScalar(reader, field.type) : readInner(reader, end, field.type(), depth);
    const held = message[field.name];
    if (!field.many) message[field.name] = value;
    else if (Array.isArray(held)) held.push(value);
    else message[field.name] = [value];
  }
  if (reader.pos !== end) throw new BadExport(`a field runs over its message at byte ${end}`);
  return message;
}

function readInner(reader: BinaryReader, end: number, table: Table, depth: number): JsonObject {
  const length = reader.uint32();
  const inner = reader.pos + length;
  if (inner > end) throw new BadExport(`a message runs over its parent at byte ${reader.pos}`);
  return readMessage(reader, inner, table, depth + 1);
}

function readScalar(reader: BinaryReader, type: Scalar): Json {
  switch (type) {
    case 'string':
      return reader.string();
    case 'hex':
      return Buffer.from(reader.bytes()).toString('hex');
    case 'base64':
      return Buffer.from(reader.bytes()).toString('base64');
    case 'bool':
      return reader.bool();
    case 'uint32':
      return reader.uint32();
    case 'enum':
      return reader.int32();
    case 'int64':
      return String(reader.int64());
    case 'fixed64':
      return String(reader.fixed64());
    case 'fixed32':
      return reader.fixed32();
    case 'double': {
      const value = reader.double();
      return Number.isFinite(value) ? value : String(value);
    }
  }
}
