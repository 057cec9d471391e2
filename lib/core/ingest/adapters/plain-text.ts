/** Transcripts: lines `Label: text`, lines without a label go on with the turn, a rule between conversations. */
import type {
  Adapter,
  AdapterRun,
  AdapterSink,
  DraftEvent,
  DraftTrajectory,
  RecordSpan,
  SourceRecord,
} from '../adapter.ts';
import { readTime } from '../shared/read-time.ts';
import type { Speaker } from '../shared/roles.ts';

export const plainText: Adapter = {
  name: 'plain-text',
  version: '1',
  specificity: 10,
  score,
  start: (sink) => new TranscriptRun(sink),
};

const LABELS: { [label: string]: Speaker } = Object.assign(
  Object.create(null),
  ...(
    [
      ['user', ['user', 'human', 'customer', 'client', 'visitor', 'caller', 'question', 'q', 'me']],
      ['assistant', ['assistant', 'ai', 'bot', 'agent', 'support', 'operator', 'model', 'answer', 'a']],
      ['system', ['system']],
      ['tool', ['tool', 'function', 'observation']],
    ] as const
  ).flatMap(([speaker, labels]) => labels.map((label) => ({ [label]: speaker }))),
);

const LABELLED = /^\s*(?:\[([^\]]{1,40})\]\s*)?([A-Za-z]{1,12})\s?:(?:\s(.*)|)$/s;
const RULE = /^\s*(?:-{3,}|={3,}|\*{3,})\s*$/;

type Line = { time: string | undefined; label: string; speaker: Speaker; text: string };

function readLine(text: string): Line | undefined {
  const match = LABELLED.exec(text);
  const speaker = match && LABELS[match[2]!.toLowerCase()];
  return speaker ? { time: match[1], label: match[2]!, speaker, text: match[3] ?? '' } : undefined;
}

/** Two labelled lines of two speakers make a transcript, however long the turns are. */
function score(records: readonly SourceRecord[]): number {
  const lines = records.flatMap(({ text }) => (text === undefined ? [] : [readLine(text)]));
  const labelled = lines.filter((line) => line !== undefined);
  const speakers = new Set(labelled.map(({ speaker }) => speaker));
  return speakers.size >= 2 ? 0.6 + 0.3 * (labelled.length / lines.length) : 0;
}

type Turn = { line: Line | undefined; isRule: boolean; text: string; span: RecordSpan; lastEnd: number };

class TranscriptRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private turn: Turn | undefined;
  private events: DraftEvent[] = [];
  /** Bytes of one line end, the least that was seen between two lines. */
  private lineEndBytes = Number.POSITIVE_INFINITY;

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  *take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { text } = record;
    if (text === undefined) {
      this.sink.refuse(record, 'unknown_format', 'no line of text');
      return;
    }
    const line = readLine(text);
    const isRule = RULE.test(text);
    if (!line && !isRule && this.turn && !this.turn.isRule) {
      const gap = record.byteStart - this.turn.lastEnd;
      this.lineEndBytes = Math.min(this.lineEndBytes, gap);
      this.turn.text += '\n'.repeat(Math.max(1, Math.round(gap / this.lineEndBytes))) + text;
      this.turn.span.extend(record);
      this.turn.lastEnd = record.byteEnd;
      return;
    }
    const wasRule = this.turn?.isRule === true;
    if (this.turn) this.lineEndBytes = Math.min(this.lineEndBytes, record.byteStart - this.turn.lastEnd);
    this.close();
    if (wasRule) yield* this.finish();
    this.turn = { line, isRule, text: line ? line.text : text, span: this.sink.span(record), lastEnd: record.byteEnd };
  }

  *end(): Iterable<DraftTrajectory> {
    this.close();
    yield* this.finish();
  }

  private *finish(): Generator<DraftTrajectory> {
    if (this.events.length > 0) yield { events: this.events, flags: ['no_id'] };
    this.events = [];
  }

  private close(): void {
    const { turn } = this;
    this.turn = undefined;
    if (!turn) return;
    const place = turn.span.place();
    const parts = turn.text === '' ? [] : [{ type: 'text' as const, text: turn.text }];
    if (!turn.line) {
      this.events.push({ kind: 'meta', actor: 'app', parts, place });
      return;
    }
    const { speaker, label, time } = turn.line;
    const ts = readTime(time);
    const base = {
      ...(label.toLowerCase() !== speaker && { role: label }),
      ...(ts !== undefined && { ts }),
      parts,
      place,
    };
    if (speaker === 'tool') this.events.push({ ...base, kind: 'tool_result', actor: 'tool', result: {} });
    else if (speaker === 'assistant') this.events.push({ ...base, kind: 'assistant', actor: 'model', step: {} });
    else this.events.push({ ...base, kind: speaker, actor: speaker === 'user' ? 'human' : 'app' });
  }
}
