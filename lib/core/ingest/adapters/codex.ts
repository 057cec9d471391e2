/** Codex: rollout files, older flat lines, `codex exec --json`. Lines name no session: the latest header does. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { Adapter, AdapterRun, AdapterSink, DraftTrajectory, SourceRecord } from '../adapter.ts';
import { asId, asText } from '../shared/json-access.ts';
import { isItem } from '../shared/read-items.ts';
import { SessionLog } from '../shared/session-log.ts';
import { tellExec } from './codex-exec.ts';
import { isHeader, isState, tellRollout } from './codex-rollout.ts';

export const codex: Adapter = {
  name: 'codex',
  version: '1',
  specificity: 90,
  score: (records) => {
    // Flat items are the Responses API's, unless a header or state of Codex stands among them.
    const marked = records.some(({ value }) => isMarked(value));
    const sum = records.reduce((total, { value }) => {
      if (isMarked(value)) return total + 1;
      return total + (isObject(value) && isItem(value) ? (marked ? 1 : 0.5) : 0);
    }, 0);
    return records.length === 0 ? 0 : sum / records.length;
  },
  start: (sink) => new CodexRun(sink),
};

const LINES = new Set(['session_meta', 'turn_context', 'response_item', 'event_msg', 'compacted']);
const EXEC = /^(?:thread\.started|turn\.(?:started|completed|failed)|item\.(?:started|updated|completed))$/;

const isLine = (value: JsonObject): boolean => LINES.has(asText(value.type) ?? '') && isObject(value.payload);
const isExec = (value: JsonObject): boolean => EXEC.test(asText(value.type) ?? '');

const isMarked = (value: Json | undefined): boolean =>
  isObject(value) && (isLine(value) || isExec(value) || isHeader(value) || isState(value));

class CodexRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly log: SessionLog;
  private session: string | undefined;
  private isFork = false;

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.log = new SessionLog(sink, (records, key) => {
      const isStream = records.some(({ value }) => isObject(value) && isExec(value));
      return [isStream ? tellExec(records, key) : tellRollout(records, key)];
    });
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    const isError = isObject(value) && value.type === 'error' && typeof value.message === 'string';
    if (!isObject(value) || !(isMarked(value) || isItem(value) || isError)) {
      this.sink.refuse(record, 'schema_mismatch', 'no line of a session');
      return [];
    }
    const named = this.sessionIn(value);
    // A fork repeats the header of the session that it came from: only the first one names the file's own.
    if (named !== undefined && !(value.type === 'session_meta' && this.session !== undefined && this.isFork)) {
      this.isFork = isObject(value.payload) && value.payload.forked_from_id !== undefined;
      this.session = named;
    }
    this.log.add(record, this.session);
    return [];
  }

  private sessionIn(value: JsonObject): string | undefined {
    if (value.type === 'session_meta' && isObject(value.payload)) return asId(value.payload.id);
    if (value.type === 'thread.started') return asId(value.thread_id);
    return isHeader(value) ? asId(value.id) : undefined;
  }

  end(): Iterable<DraftTrajectory> {
    return this.log.end();
  }
}
