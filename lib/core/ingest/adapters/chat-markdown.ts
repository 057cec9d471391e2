/** Chat history as Markdown (Aider): `#### ` is the user, `> ` the console, everything else the answer; a header starts anew. */
import type {
  Adapter,
  AdapterRun,
  AdapterSink,
  DraftEvent,
  DraftStep,
  DraftTrajectory,
  SourceRecord,
} from '../adapter.ts';
import { LineTurns, type Turn } from '../shared/line-turns.ts';
import { readTime } from '../shared/read-time.ts';

export const chatMarkdown: Adapter = {
  name: 'chat-markdown',
  version: '1',
  specificity: 70,
  score: (records) => {
    const lines = records.flatMap(({ text }) => text ?? []);
    const isChat =
      lines.some((line) => HEADER.test(line)) ||
      (lines.some((line) => /^> Aider v\d/i.test(line)) && lines.some((line) => USER.test(line)));
    return isChat ? 0.95 : 0;
  },
  start: (sink) => new MarkdownRun(sink),
};

const HEADER = /^# aider chat started at (.{1,60})$/;
const USER = /^####(?: |$)/;
const CONSOLE = /^>(?: |$)/;

type Kind = 'header' | 'user' | 'console' | 'answer';

function kindOf(line: string): Kind {
  if (HEADER.test(line)) return 'header';
  return USER.test(line) ? 'user' : CONSOLE.test(line) ? 'console' : 'answer';
}

/** The mark in front, and the two blanks that Markdown breaks a line with, are not what was said. */
const saidIn = (line: string, kind: Kind): string =>
  kind === 'user' || kind === 'console'
    ? line.replace(kind === 'user' ? USER : CONSOLE, '').replace(/ {2}$/, '')
    : line;

class MarkdownRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly turns: LineTurns<Kind>;
  private events: DraftEvent[] = [];
  private step: DraftStep | undefined;
  /** What stands before the first question answers nothing. */
  private isAsked = false;

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.turns = new LineTurns(sink, (open, next) => open === next && open !== 'header');
  }

  *take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { text } = record;
    if (text === undefined) {
      this.sink.refuse(record, 'unknown_format', 'no line of text');
      return;
    }
    const kind = kindOf(text);
    this.tell(this.turns.take(record, kind, saidIn(text, kind)));
    if (kind === 'header') yield* this.finish();
  }

  *end(): Iterable<DraftTrajectory> {
    this.tell(this.turns.close());
    yield* this.finish();
  }

  private *finish(): Generator<DraftTrajectory> {
    if (this.events.length > 0) yield { events: this.events, flags: ['no_id'], agent: { name: 'aider' } };
    this.events = [];
    this.step = undefined;
    this.isAsked = false;
  }

  private tell(turn: Turn<Kind> | undefined): void {
    if (!turn) return;
    const { kind, text, place } = turn;
    const parts = text === '' ? [] : [{ type: 'text' as const, text }];
    if (kind === 'user') this.isAsked = true;
    if (kind === 'header') {
      const ts = readTime(HEADER.exec(text)?.[1]);
      this.events.push({ kind: 'meta', actor: 'app', parts, place, ...(ts !== undefined && { ts }) });
    } else if (kind === 'console' || !this.isAsked) this.events.push({ kind: 'meta', actor: 'app', parts, place });
    else if (kind === 'user') {
      this.step = undefined;
      this.events.push({ kind: 'user', actor: 'human', parts, place });
    } else {
      this.step ??= {};
      this.events.push({ kind: 'assistant', actor: 'model', parts, place, step: this.step });
    }
  }
}
