/**
 * Spans gathered from any number of records, told by conversation: the logged session, else the trace, else the file. Until
 * then only their ids are held. A span that comes twice (an export sent again, a log event beside its span) is one.
 */
import { canonicalJson, isObject, type JsonObject } from '../../trajectory/json.ts';
import type { AdapterSink, DraftTrajectory, SourceRecord } from '../adapter.ts';
import { present } from '../shared/fields.ts';
import { Shelf, type Waiting } from '../shared/shelf.ts';
import type { Spot } from '../shared/spot.ts';
import type { Span, TraceInfo } from './span.ts';
import { tellTrace } from './tell-trace.ts';

/** A span as found in a record; what it says is read when its conversation is told. */
export type FoundSpan = {
  item: JsonObject;
  spot: Spot;
  /** A log record, which may belong to a span that comes later. */
  isLog?: boolean;
  id?: string;
  traceId?: string;
  sessionId?: string;
};

type Held = Omit<FoundSpan, 'item'> & { waiting: Waiting };

const idOf = ({ id, traceId }: { id?: string; traceId?: string }): string | undefined =>
  id === undefined ? undefined : `${traceId ?? ''}/${id}`;

export class SpanGroups {
  private readonly shelf: Shelf;
  private readonly read: (item: JsonObject, spot: Spot, isLog: boolean) => Span;
  private readonly held: Held[] = [];
  private readonly sessionOf = new Map<string, string>();
  private readonly keyOfSpan = new Map<string, string>();

  /** @param read what the adapter makes of a span; called once for each, when it is told */
  constructor(sink: AdapterSink, read: (item: JsonObject, spot: Spot, isLog: boolean) => Span) {
    this.shelf = new Shelf(sink);
    this.read = read;
  }

  take(record: SourceRecord, found: readonly FoundSpan[]): void {
    const whole = found.length === 1 ? this.shelf.putRecord(record) : undefined;
    for (const { item, ...one } of found) {
      const { traceId, sessionId } = one;
      if (traceId !== undefined && sessionId !== undefined && !this.sessionOf.has(traceId))
        this.sessionOf.set(traceId, sessionId);
      this.held.push({ ...one, waiting: whole?.(one.spot.pointer) ?? this.shelf.putValue(item) });
    }
  }

  *tell(): Generator<DraftTrajectory> {
    const groups = new Map<string, Held[]>();
    for (const span of this.held) {
      const id = idOf(span);
      if (!span.isLog && id !== undefined) this.keyOfSpan.set(id, keyOf(span, this.sessionOf));
    }
    for (const span of this.held) {
      const id = idOf(span);
      // What a log record adds to a span is told with the span.
      const key = (span.isLog && id !== undefined ? this.keyOfSpan.get(id) : undefined) ?? keyOf(span, this.sessionOf);
      const group = groups.get(key);
      if (group) group.push(span);
      else groups.set(key, [span]);
    }
    this.held.length = 0;
    const sessions = new Set(this.sessionOf.values());
    for (const [key, held] of groups) {
      groups.delete(key);
      yield* tellGroup(key, this.readAll(held), sessions);
    }
  }

  private readAll(held: readonly Held[]): SpanGroup {
    const group = new SpanGroup();
    for (const { waiting, spot, isLog } of held) {
      const item = this.shelf.read(waiting);
      if (!isObject(item)) continue;
      const span = this.read(item, spot, isLog === true);
      if (isLog) group.addLog(span);
      else group.add(span);
    }
    return group;
  }
}

/** Spans that were put together from several places, and so had to be read before. */
export function* tellSpans(spans: readonly Span[]): Generator<DraftTrajectory> {
  const sessionOf = new Map<string, string>();
  for (const { traceId, sessionId } of spans)
    if (traceId !== undefined && sessionId !== undefined && !sessionOf.has(traceId)) sessionOf.set(traceId, sessionId);
  const groups = new Map<string, SpanGroup>();
  for (const span of spans) {
    const key = keyOf(span, sessionOf);
    const group = groups.get(key) ?? new SpanGroup();
    groups.set(key, group);
    group.add(span);
  }
  const sessions = new Set(sessionOf.values());
  for (const [key, group] of groups) yield* tellGroup(key, group, sessions);
}

const keyOf = ({ sessionId, traceId }: Pick<Span, 'sessionId' | 'traceId'>, sessionOf: Map<string, string>): string =>
  sessionId ?? (traceId === undefined ? '' : (sessionOf.get(traceId) ?? traceId));

function* tellGroup(key: string, group: SpanGroup, sessions: ReadonlySet<string>): Generator<DraftTrajectory> {
  const spans = group.joined();
  const traces = [...new Set(spans.flatMap((span) => span.traceId ?? []))];
  const session = sessions.has(key) || spans.some((span) => span.sessionId === key) ? key : undefined;
  const externalIds = present({ trace: traces.length === 1 ? traces[0] : undefined, conversation: session });
  const info: TraceInfo = { externalIds, ...(key === '' ? {} : { rootKey: key }) };
  yield* tellTrace(spans, info);
}

/** The spans of one conversation. */
class SpanGroup {
  private readonly spans: Span[] = [];
  private readonly places = new Map<Span, number>();
  private readonly byId = new Map<string, Span>();
  private readonly logs = new Set<Span>();

  add(span: Span): void {
    const id = idOf(span);
    const known = id === undefined ? undefined : this.byId.get(id);
    if (known && canonicalJson(known.raw) === canonicalJson(span.raw)) {
      known.mirrors = [...(known.mirrors ?? []), span.spot];
      return;
    }
    if (known) {
      // Sent again with more in it: the later one counts.
      span.mirrors = [...(known.mirrors ?? []), known.spot];
      const place = this.places.get(known)!;
      this.spans[place] = span;
      this.places.set(span, place);
    } else this.places.set(span, this.spans.push(span) - 1);
    if (id !== undefined) this.byId.set(id, span);
  }

  addLog(log: Span): void {
    this.logs.add(log);
  }

  /** All of them, each log record with the span that it names. */
  joined(): Span[] {
    for (const log of this.logs) this.joinLog(log);
    return this.spans;
  }

  /** Adds what a log record says to its span; a record of no known span stands for itself. */
  private joinLog(log: Span): void {
    const id = idOf(log);
    const span = id === undefined ? undefined : this.byId.get(id);
    if (!span) {
      this.spans.push(log);
      if (id !== undefined && log.kind === 'model') this.byId.set(id, log);
      return;
    }
    const isMessage = log.kind === 'model' && span.kind !== 'tool';
    if (isMessage) {
      const wasTold = (span.input ?? []).length > 0 || (span.output ?? []).length > 0;
      const isWhole = log.name === 'gen_ai.client.inference.operation.details';
      span.kind = 'model';
      if (isWhole) {
        if (!wasTold) Object.assign(span, { input: log.input ?? [], output: log.output ?? [] });
        if ((span.tools ?? []).length === 0) span.tools = log.tools ?? [];
      } else if (!wasTold || this.isBuiltFromLogs(span)) {
        span.input = [...(span.input ?? []), ...(log.input ?? [])];
        if (log.output && span.output && span.output.length > 0)
          span.alternatives = [...(span.alternatives ?? []), log.output];
        else span.output = [...(span.output ?? []), ...(log.output ?? [])];
        this.built.add(span);
      }
      span.step = { ...log.step, ...span.step };
      // What is told stands in the log record; the span's own record is accounted for beside it.
      span.mirrors = [...(span.mirrors ?? []), log.spot, span.spot];
      return;
    }
    if (log.feedback) {
      span.feedback = [...(span.feedback ?? []), ...log.feedback];
      return;
    }
    // Another log line of the same span: kept beside it.
    const { id: _, ...own } = log;
    this.spans.push({ ...own, ...(span.id === undefined ? {} : { parentId: span.id }) });
  }

  private readonly built = new Set<Span>();
  private isBuiltFromLogs(span: Span): boolean {
    return this.built.has(span) || this.logs.has(span);
  }
}
