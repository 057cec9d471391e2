/**
 * An export request cut into its spans or log records: one OTLP/JSON line each, with the resource and scope it came
 * in, and the ids that say which others it belongs with. A line is a record of the import that it ends up in, so that a
 * span that is sent twice is a duplicate and one that comes late is one record more.
 */
import { isObject, type Json, type JsonObject, stringify } from '../../trajectory/json.ts';
import { readAnyValue, readKeyValues } from '../adapters/otlp.ts';
import { asArray } from '../shared/json-access.ts';
import { spotOf } from '../shared/spot.ts';
import { locateIn, readAttributes } from '../traces/read-attributes.ts';
import { BadExport, type Signal } from './decode-protobuf.ts';

export type ExportItem = {
  /** OTLP/JSON without line ends. */
  line: string;
  /** 32 hex digits; absent on log records of no trace. */
  traceId?: string;
  /** Logged session or conversation: its traces belong together. */
  sessionId?: string;
  /** The trace ended: a span without parent is sent when it is over. */
  isRoot: boolean;
  /** The log says that the session is over (`session.end`). */
  endsSession: boolean;
};
export type SplitExport = { items: ExportItem[]; rejected: number };

const SHAPES = {
  traces: { resources: 'resourceSpans', scopes: 'scopeSpans', items: 'spans' },
  logs: { resources: 'resourceLogs', scopes: 'scopeLogs', items: 'logRecords' },
} as const;

const NOWHERE = spotOf({ recordNo: 0, byteStart: 0, byteEnd: 0, sha256: '', flags: [] });
const isId = (value: Json | undefined, digits: number): value is string =>
  typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/i.test(value) && !/^0+$/.test(value);

/** @throws BadExport when it is no export request of that signal */
export function splitExport(signal: Signal, request: Json): SplitExport {
  const shape = SHAPES[signal];
  if (!isObject(request)) throw new BadExport('not an object');
  const resources = request[shape.resources];
  if (resources === undefined) {
    if (Object.keys(request).length > 0) throw new BadExport(`no ${shape.resources}`);
    return { items: [], rejected: 0 };
  }
  if (!Array.isArray(resources)) throw new BadExport(`${shape.resources} is no list`);
  const split: SplitExport = { items: [], rejected: 0 };
  for (const resource of resources) {
    if (!isObject(resource)) throw new BadExport(`${shape.resources} holds what is no object`);
    for (const scope of asArray(resource[shape.scopes]) ?? []) {
      if (!isObject(scope)) throw new BadExport(`${shape.scopes} holds what is no object`);
      for (const item of asArray(scope[shape.items]) ?? []) {
        const taken = isObject(item) ? readItem(signal, item) : undefined;
        if (!taken) split.rejected++;
        else
          split.items.push({
            ...taken,
            line: stringify({
              [shape.resources]: [{ ...resource, [shape.scopes]: [{ ...scope, [shape.items]: [item] }] }],
            }),
          });
      }
    }
  }
  return split;
}

/** @returns undefined for an item without the ids that the protocol asks for */
function readItem(signal: Signal, item: JsonObject): Omit<ExportItem, 'line'> | undefined {
  const hasTrace = isId(item.traceId, 32);
  if (signal === 'traces' && !(hasTrace && isId(item.spanId, 16))) return undefined;
  const attributes = readKeyValues(item.attributes);
  const name = typeof item.eventName === 'string' ? item.eventName : attributes['event.name'];
  const body = signal === 'logs' ? readAnyValue(item.body) : null;
  // Where the adapter looks, so that a session is grouped here as it is told there.
  const inBody = isObject(body) && Object.keys(body).some((key) => key.startsWith('gen_ai.')) ? body : {};
  const { sessionId } = readAttributes({ ...inBody, ...attributes }, locateIn(new Map(), NOWHERE));
  return {
    ...(hasTrace && { traceId: (item.traceId as string).toLowerCase() }),
    ...(sessionId !== undefined && { sessionId }),
    isRoot: signal === 'traces' && !isId(item.parentSpanId, 16),
    endsSession: signal === 'logs' && name === 'session.end',
  };
}
