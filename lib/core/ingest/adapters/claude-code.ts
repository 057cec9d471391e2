/**
 * Claude Code: session files, sub-agent files, web exports (`loglines`), usage-only logs, and the message streams of its
 * SDK. An answer is spread over lines with one `message.id`; sub-agents stand in the same file (`isSidechain`) or in their
 * own; a rewound prompt leaves a branch behind; resuming writes old lines again.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { textField } from '../shared/fields.ts';
import { asArray, asObject } from '../shared/json-access.ts';
import { Shelf } from '../shared/shelf.ts';
import { into, spotOf } from '../shared/spot.ts';
import { LINE_TYPES, sessionOf } from './claude-code-line.ts';
import { ClaudeSessions } from './claude-code-sessions.ts';

function scoreLine(value: JsonObject): number {
  const type = textField(value.type);
  if (type === undefined || !LINE_TYPES.has(type)) return 0;
  if (type === 'summary') return value.leafUuid !== undefined ? 1 : 0;
  if (type === 'file-history-snapshot') return value.messageId !== undefined || value.snapshot !== undefined ? 1 : 0;
  const isNamed = sessionOf(value) !== undefined;
  if (type === 'user' || type === 'assistant') {
    const isHung = value.uuid !== undefined || value.parentUuid !== undefined || value.parent_tool_use_id !== undefined;
    return isObject(value.message) ? (isNamed && isHung ? 1 : isNamed || isHung ? 0.9 : 0.55) : 0;
  }
  return isNamed ? 1 : 0;
}

function scoreRecord({ value }: SourceRecord): number {
  if (!isObject(value)) return 0;
  const lines = asArray(value.loglines);
  if (lines) return lines.some((line) => isObject(line) && scoreLine(line) > 0) ? 1 : 0;
  const inner = asObject(value.message);
  if (value.direction !== undefined && inner)
    return isObject(inner.message) || sessionOf(inner) !== undefined || inner.type !== undefined ? 0.95 : 0;
  return scoreLine(value);
}

class ClaudeCodeRun implements AdapterRun {
  private readonly sessions: ClaudeSessions;
  private readonly shelf: Shelf;

  constructor(sink: AdapterSink) {
    this.shelf = new Shelf(sink);
    this.sessions = new ClaudeSessions(sink, this.shelf);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const value: Json | undefined = record.value;
    if (!isObject(value)) return [];
    const spot = spotOf(record);
    const lines = asArray(value.loglines);
    const inner = value.direction === undefined ? undefined : asObject(value.message);
    if (lines) {
      for (const [i, line] of lines.entries())
        if (isObject(line)) this.sessions.take(line, into(spot, 'loglines', i), record, this.shelf.putValue(line));
    } else if (inner)
      this.sessions.take(inner, into(spot, 'message'), record, this.shelf.putRecord(record)('/message'));
    else this.sessions.take(value, spot, record, this.shelf.putRecord(record)());
    return [];
  }

  end(): Iterable<DraftTrajectory> {
    return this.sessions.tell();
  }
}

export const claudeCode: Adapter = {
  name: 'claude-code',
  version: '1',
  specificity: 90,
  score: meanScore(scoreRecord),
  start: (sink) => new ClaudeCodeRun(sink),
};
