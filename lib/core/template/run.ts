/** The state of one rendering: its variables, what it has put out, and how much it may still do. */
import { MAX_TEXT, tooLarge } from './arithmetic.ts';
import { strftime, type WallClock } from './strftime.ts';
import { countPoints, PyError, type Value } from './values.ts';

/** Loop rounds, calls and filtered items together; a conversation of 10,000 messages takes some 200,000. */
const MAX_STEPS = 5_000_000;
/** Macros in macros: Python gives up at about so many. */
const MAX_CALLS = 190;

export class Run {
  /** What the current buffer holds: the text itself at the top level, a macro's or block's inside. */
  out = '';
  /** Line of the statement at work, for errors. */
  line = 1;
  readonly spans: [number, number][] = [];
  /** Of spans that were noted while their text was still held back. */
  private readonly heldBack: { span: [number, number]; text: string }[] = [];
  readonly variables: ReadonlyMap<string, Value>;
  /** What the top level has set, for blocks. */
  readonly exported = new Map<string, Value>();
  private readonly clock: WallClock | null;
  private readonly maxSteps: number;
  private steps = 0;
  private calls = 0;
  private held = 0;
  private top = '';
  private counted = { units: 0, points: 0 };

  constructor(variables: ReadonlyMap<string, Value>, clock: WallClock | null, maxSteps = MAX_STEPS) {
    this.maxSteps = maxSteps;
    this.variables = variables;
    this.clock = clock;
  }

  step(): void {
    if (++this.steps > this.maxSteps) throw new PyError('Limit', 'the template takes too many steps');
    if (this.out.length > MAX_TEXT) throw tooLarge();
  }

  /** Runs `body` with a buffer of its own and gives what it put out. */
  capture(body: () => void): string {
    const outer = this.out;
    if (this.held++ === 0) this.top = outer;
    this.out = '';
    body();
    const inner = this.out;
    this.out = outer;
    this.held--;
    return inner;
  }

  enterCall(): void {
    if (++this.calls > MAX_CALLS) throw new PyError('RecursionError', 'maximum recursion depth exceeded');
    this.step();
  }

  leaveCall(): void {
    this.calls--;
  }

  /** Notes a text that the assistant says: where the top level stands, whatever is still held back inside. */
  mark(text: string): void {
    const emitted = this.held === 0 ? this.out : this.top;
    if (emitted.length > this.counted.units) {
      this.counted.points += countPoints(emitted.slice(this.counted.units));
      this.counted.units = emitted.length;
    }
    const start = this.counted.points;
    const span: [number, number] = [start, start + countPoints(text)];
    this.spans.push(span);
    if (this.held > 0) this.heldBack.push({ span, text });
  }

  /** How many spans of the finished text hold something else than their block put out. */
  countMisplaced(): number {
    if (this.heldBack.length === 0) return 0;
    const points = [...this.out];
    return this.heldBack.filter(({ span, text }) => points.slice(...span).join('') !== text).length;
  }

  formatNow(format: string): string {
    if (!this.clock) throw new PyError('Limit', 'strftime_now needs a pinned date');
    return strftime(format, this.clock);
  }
}
