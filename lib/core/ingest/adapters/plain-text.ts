/** Transcripts: lines `Label: text`, lines without a label go on with the turn, a rule between conversations. */
import type { Adapter, AdapterRun, AdapterSink, DraftEvent, DraftTrajectory, SourceRecord } from '../adapter.ts';
import { LineTurns, type Turn } from '../shared/line-turns.ts';
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

/** A labelled line, the rule between conversations, or a line that goes on with what stands before it. */
type Kind = { line?: Line; isRule?: true };

class TranscriptRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly turns: LineTurns<Kind>;
  private events: DraftEvent[] = [];
  private afterRule = false;

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.turns = new LineTurns(sink, (open, next) => !next.line && !next.isRule && !open.isRule);
  }

  *take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { text } = record;
    if (text === undefined) {
      this.sink.refuse(record, 'unknown_format', 'no line of text');
      return;
    }
    const line = readLine(text);
    const isRule = RULE.test(text);
    this.tell(this.turns.take(record, { ...(line && { line }), ...(isRule && { isRule }) }, line ? line.text : text));
    if (this.afterRule) yield* this.finish();
    this.afterRule = isRule && !line;
  }

  *end(): Iterable<DraftTrajectory> {
    this.tell(this.turns.close());
    yield* this.finish();
  }

  private *finish(): Generator<DraftTrajectory> {
    if (this.events.length > 0) yield { events: this.events, flags: ['no_id'] };
    this.events = [];
  }

  private tell(turn: Turn<Kind> | undefined): void {
    if (!turn) return;
    const { kind, text, place } = turn;
    const parts = text === '' ? [] : [{ type: 'text' as const, text }];
    if (!kind.line) {
      this.events.push({ kind: 'meta', actor: 'app', parts, place });
      return;
    }
    const { speaker, label, time } = kind.line;
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
