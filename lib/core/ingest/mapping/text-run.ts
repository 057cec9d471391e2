/** Transcripts whose labels a person named. Lines without one go on with the turn. */
import type { AdapterRun, AdapterSink, DraftEvent, DraftTrajectory, RecordSpan, SourceRecord } from '../adapter.ts';
import { readTime } from '../shared/read-time.ts';
import type { Speaker } from '../shared/roles.ts';
import type { TextMapping } from './mapping.ts';

const LABEL_REACH = 200;

type Label = { pieces: string[]; is: Speaker };
type Match = { is: Speaker; rest: string; between: string | undefined };

/** Literal pieces one after another near the start of the line, so that no label can be slow. */
function matchLabel(line: string, { pieces, is }: Label): Match | undefined {
  const start = line.length - line.trimStart().length;
  if (!line.startsWith(pieces[0]!, start)) return undefined;
  let at = start + pieces[0]!.length;
  const head = line.slice(0, start + LABEL_REACH);
  let between: string | undefined;
  for (const piece of pieces.slice(1)) {
    const found = head.indexOf(piece, at);
    if (found < 0) return undefined;
    between ??= line.slice(at, found);
    at = found + piece.length;
  }
  return { is, rest: line.slice(at).trimStart(), between };
}

export type TextLabels = { match(line: string): Match | undefined };

/** Of several labels that fit, the longest. */
export function textLabels({ labels }: TextMapping): TextLabels {
  const known = labels
    .map(({ label, is }) => ({ pieces: label.split('*'), is, length: label.length }))
    .sort((a, b) => b.length - a.length);
  return {
    match(line) {
      for (const label of known) {
        const match = matchLabel(line, label);
        if (match) return match;
      }
      return undefined;
    },
  };
}

type Turn = { is: Speaker | undefined; ts: string | undefined; lines: string[]; span: RecordSpan };

export class TextRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly labels: TextLabels;
  private readonly separator: string | undefined;
  private turn: Turn | undefined;
  private events: DraftEvent[] = [];

  constructor(mapping: TextMapping, sink: AdapterSink) {
    this.sink = sink;
    this.labels = textLabels(mapping);
    this.separator = mapping.separator?.trim();
  }

  *take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { text } = record;
    if (text === undefined) {
      this.sink.refuse(record, 'schema_mismatch', 'no line of text');
      return;
    }
    const isSeparator = this.separator !== undefined && text.trim() === this.separator;
    const match = isSeparator ? undefined : this.labels.match(text);
    if (!match && !isSeparator && this.turn) {
      this.turn.lines.push(text);
      this.turn.span.extend(record);
      return;
    }
    this.close();
    this.turn = {
      is: match?.is,
      ts: readTime(match?.between),
      lines: [match ? match.rest : text],
      span: this.sink.span(record),
    };
    if (isSeparator) {
      this.close();
      yield* this.finish();
    }
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
    const text = turn.lines.join('\n');
    const base = {
      parts: text === '' ? [] : [{ type: 'text' as const, text }],
      place: turn.span.place(),
      ...(turn.ts !== undefined && { ts: turn.ts }),
    };
    if (turn.is === undefined) this.events.push({ ...base, kind: 'meta', actor: 'app' });
    else if (turn.is === 'tool') this.events.push({ ...base, kind: 'tool_result', actor: 'tool', result: {} });
    else if (turn.is === 'assistant') this.events.push({ ...base, kind: 'assistant', actor: 'model', step: {} });
    else this.events.push({ ...base, kind: turn.is, actor: turn.is === 'user' ? 'human' : 'app' });
  }
}
