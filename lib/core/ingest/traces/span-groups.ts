/**
 * Spans gathered from any number of records, told by conversation: the logged session, else the trace, else the file. A
 * span that comes twice (an export sent again, a log event beside its span) is one.
 */
import { canonicalJson } from '../../trajectory/json.ts';
import type { DraftTrajectory } from '../adapter.ts';
import { present } from '../shared/fields.ts';
import type { Span, TraceInfo } from './span.ts';
import { tellTrace } from './tell-trace.ts';

const idOf = (span: Span): string | undefined =>
  span.id === undefined ? undefined : `${span.traceId ?? ''}/${span.id}`;

export class SpanGroups {
  private readonly spans: Span[] = [];
  private readonly byId = new Map<string, Span>();
  private readonly logs = new Set<Span>();
  private readonly sessionOf = new Map<string, string>();

  add(span: Span): void {
    this.rememberSession(span);
    const id = idOf(span);
    const known = id === undefined ? undefined : this.byId.get(id);
    if (known && canonicalJson(known.raw) === canonicalJson(span.raw)) {
      known.mirrors = [...(known.mirrors ?? []), span.spot];
      return;
    }
    if (known) {
      // Sent again with more in it: the later one counts.
      span.mirrors = [...(known.mirrors ?? []), known.spot];
      this.spans[this.spans.indexOf(known)] = span;
    } else this.spans.push(span);
    if (id !== undefined) this.byId.set(id, span);
  }

  /** A log record that may belong to a span, which may come later. */
  addLog(log: Span): void {
    this.rememberSession(log);
    this.logs.add(log);
  }

  private rememberSession({ traceId, sessionId }: Span): void {
    if (traceId !== undefined && sessionId !== undefined && !this.sessionOf.has(traceId))
      this.sessionOf.set(traceId, sessionId);
  }

  *tell(): Generator<DraftTrajectory> {
    for (const log of this.logs) this.joinLog(log);
    const groups = new Map<string, Span[]>();
    for (const span of this.spans) {
      const key =
        span.sessionId ?? (span.traceId === undefined ? '' : (this.sessionOf.get(span.traceId) ?? span.traceId));
      const group = groups.get(key);
      if (group) group.push(span);
      else groups.set(key, [span]);
    }
    const sessions = new Set(this.sessionOf.values());
    for (const [key, spans] of groups) {
      const traces = [...new Set(spans.flatMap((span) => span.traceId ?? []))];
      const session = sessions.has(key) || spans.some((span) => span.sessionId === key) ? key : undefined;
      const externalIds = present({ trace: traces.length === 1 ? traces[0] : undefined, conversation: session });
      const info: TraceInfo = { externalIds, ...(key === '' ? {} : { rootKey: key }) };
      yield* tellTrace(spans, info);
    }
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
