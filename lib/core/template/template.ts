/**
 * Chat templates, rendered byte for byte as Python's Jinja2 does in the way transformers sets it up: immutable sandbox,
 * `trim_blocks`, `lstrip_blocks`, loop controls, its own `tojson`, and `{% generation %}` around what the assistant says.
 * Bounded: steps, calls in calls and sizes (run.ts, arithmetic.ts).
 */
import { compileTemplate } from './compile.ts';
import { makeGlobals } from './globals.ts';
import { SyntaxProblem } from './lexer.ts';
import { Run } from './run.ts';
import type { WallClock } from './strftime.ts';
import { PyError, type Value } from './values.ts';

/** Why a template refuses: its own mistake, or what it says about a row. */
export class TemplateRefusal extends Error {
  override name = 'TemplateRefusal';
  /** `syntax`: at compile time; `raised`: the template's own raise_exception; `limit`: our bounds. */
  readonly kind: 'syntax' | 'raised' | 'failed' | 'limit';
  readonly line: number;
  constructor(kind: TemplateRefusal['kind'], message: string, line: number) {
    super(message);
    this.kind = kind;
    this.line = line;
  }
}

export type Rendering = {
  text: string;
  /** What the assistant says, in code points, half open, in the order in which the blocks end. */
  assistantSpans: [number, number][];
  /** Spans that hold something else than their block put out: what stood in a macro or a block that was held back. */
  misplaced: number;
};

export class Template {
  private readonly execute: (run: Run) => void;
  /** Whether it asks for the date: then one must be pinned. */
  readonly usesClock: boolean;
  readonly hasGenerationMarkers: boolean;

  /** @throws TemplateRefusal kind `syntax` */
  constructor(source: string) {
    try {
      this.execute = compileTemplate(source);
    } catch (thrown) {
      if (thrown instanceof SyntaxProblem) throw new TemplateRefusal('syntax', thrown.message, thrown.line);
      if (thrown instanceof RangeError) throw new TemplateRefusal('limit', 'the template is nested too deep', 1);
      throw thrown;
    }
    this.usesClock = /\bstrftime_now\b/.test(source);
    this.hasGenerationMarkers = /\{%[-+]?\s*generation\b/.test(source);
  }

  /**
   * @param variables what the template can name, beside the globals, which they hide
   * @param clock what `strftime_now` tells; null: a template that asks is refused
   * @throws TemplateRefusal
   */
  render(variables: Iterable<readonly [string, Value]>, clock: WallClock | null, maxSteps?: number): Rendering {
    let run: Run | undefined;
    const all = makeGlobals(() => run!);
    for (const [name, value] of variables) all.set(name, value);
    run = new Run(all, clock, maxSteps);
    try {
      this.execute(run);
    } catch (thrown) {
      throw refusalOf(thrown, run.line);
    }
    return { text: run.out, assistantSpans: run.spans, misplaced: run.countMisplaced() };
  }
}

function refusalOf(thrown: unknown, line: number): unknown {
  if (thrown instanceof PyError) {
    const kind = thrown.kind === 'TemplateError' ? 'raised' : thrown.kind === 'Limit' ? 'limit' : 'failed';
    return new TemplateRefusal(kind, thrown.message, line);
  }
  // The JavaScript engine's own bounds: its stack, and the longest string.
  if (thrown instanceof RangeError)
    return new TemplateRefusal('limit', 'the template goes too deep or grows too large', line);
  return thrown;
}
