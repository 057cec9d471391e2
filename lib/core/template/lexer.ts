/**
 * Cuts a template into tokens as Jinja2 does with `trim_blocks` and `lstrip_blocks`: which white space around a tag
 * belongs to the text is decided here.
 */
import { isSpace, SPACE_CLASS, trimEnd } from './text.ts';
import { Float, int } from './values.ts';

export type TokenKind =
  | 'data'
  | 'variable_begin'
  | 'variable_end'
  | 'block_begin'
  | 'block_end'
  | 'name'
  | 'string'
  | 'number'
  | 'operator'
  | 'end';

export type Token = { kind: TokenKind; text: string; value: string | number | bigint | Float; line: number };

/** The template itself is wrong: it is refused before anything is rendered. */
export class SyntaxProblem extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const OPENING = /\{([%{#])([-+]?)/g;
const RAW_BEGIN = new RegExp(`\\{%([-+]?)[${SPACE_CLASS}]*raw[${SPACE_CLASS}]*(?:-%\\}[${SPACE_CLASS}]*|%\\})`, 'y');
const RAW_END = new RegExp(
  `\\{%([-+]?)[${SPACE_CLASS}]*endraw[${SPACE_CLASS}]*(\\+%\\}|-%\\}[${SPACE_CLASS}]*|%\\}\\n?)`,
  'g',
);
const COMMENT_END = new RegExp(`\\+#\\}|-#\\}[${SPACE_CLASS}]*|#\\}\\n?`, 'g');
const BLOCK_END = new RegExp(`\\+%\\}|-%\\}[${SPACE_CLASS}]*|%\\}\\n?`, 'y');
const VARIABLE_END = new RegExp(`-\\}\\}[${SPACE_CLASS}]*|\\}\\}`, 'y');
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{L}\p{N}\p{M}\p{Pc}_··℘℮゛゜]+/uy;
const IDENTIFIER = /^[\p{ID_Start}_]\p{ID_Continue}*$/u;
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const OPERATOR = /\*\*|\/\/|==|!=|>=|<=|[+\-/*%~[\](){}><=.:|,;]/y;
const CLOSES: Record<string, string> = { '(': ')', '[': ']', '{': '}' };

const countLines = (text: string) => {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
};

/** @throws SyntaxProblem */
export function tokenize(template: string): Token[] {
  return new Lexer(template).all();
}

class Lexer {
  private readonly source: string;
  private readonly tokens: Token[] = [];
  private at = 0;
  private line = 1;
  /** Whether what came last ended with a line end, so that blanks here stand at the start of a line. */
  private lineStarting = true;

  constructor(template: string) {
    const source = template.replace(/\r\n?/g, '\n');
    this.source = source.endsWith('\n') ? source.slice(0, -1) : source;
  }

  all(): Token[] {
    while (this.at < this.source.length) this.next();
    this.push('end', '');
    return this.tokens;
  }

  private push(kind: TokenKind, text: string, value: Token['value'] = text): void {
    this.tokens.push({ kind, text, value, line: this.line });
  }

  private data(text: string): void {
    if (text !== '') this.push('data', text);
  }

  /** Goes on to `to`, counting lines. */
  private advance(to: number): void {
    const passed = this.source.slice(this.at, to);
    this.line += countLines(passed);
    if (passed !== '') this.lineStarting = passed.endsWith('\n');
    this.at = to;
  }

  /** The text before a tag, less the white space that the tag takes. */
  private strip(text: string, sign: string, isVariable: boolean): string {
    if (sign === '-') return trimEnd(text);
    if (sign === '+' || isVariable) return text;
    const lineStart = text.lastIndexOf('\n') + 1;
    if (lineStart === 0 && !this.lineStarting) return text;
    for (let at = lineStart; at < text.length; at++) if (!isSpace(text.charCodeAt(at))) return text;
    return text.slice(0, lineStart);
  }

  private next(): void {
    OPENING.lastIndex = this.at;
    const open = OPENING.exec(this.source);
    if (!open) {
      this.data(this.source.slice(this.at));
      this.advance(this.source.length);
      return;
    }
    const before = this.source.slice(this.at, open.index);
    const [whole, mark, sign] = open as unknown as [string, string, string];
    this.data(this.strip(before, sign, mark === '{'));
    this.advance(open.index);
    RAW_BEGIN.lastIndex = open.index;
    const raw = mark === '%' ? RAW_BEGIN.exec(this.source) : null;
    if (raw) {
      this.raw(open.index + raw[0].length);
      return;
    }
    this.advance(open.index + whole.length);
    if (mark === '#') {
      this.comment();
      return;
    }
    this.push(mark === '%' ? 'block_begin' : 'variable_begin', whole);
    this.expression(mark === '%' ? BLOCK_END : VARIABLE_END, mark === '%' ? 'block_end' : 'variable_end');
  }

  private raw(from: number): void {
    const begun = this.line;
    this.advance(from);
    RAW_END.lastIndex = from;
    const end = RAW_END.exec(this.source);
    if (!end) throw new SyntaxProblem('Missing end of raw directive', begun);
    this.data(this.strip(this.source.slice(from, end.index), end[1]!, false));
    this.advance(RAW_END.lastIndex);
  }

  private comment(): void {
    COMMENT_END.lastIndex = this.at;
    if (!COMMENT_END.exec(this.source)) throw new SyntaxProblem('Missing end of comment tag', this.line);
    this.advance(COMMENT_END.lastIndex);
  }

  private expression(ending: RegExp, kind: TokenKind): void {
    const { source } = this;
    const open: string[] = [];
    for (;;) {
      if (open.length === 0) {
        const end = this.match(ending);
        if (end !== null) {
          this.push(kind, end);
          this.advance(this.at + end.length);
          return;
        }
      }
      if (this.at >= source.length) return;
      if (isSpace(source.charCodeAt(this.at))) {
        let to = this.at + 1;
        while (to < source.length && isSpace(source.charCodeAt(to))) to++;
        this.advance(to);
      } else this.token(open);
    }
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.source)?.[0] ?? null;
  }

  private token(open: string[]): void {
    const float = this.match(FLOAT);
    if (float !== null) {
      this.take('number', float, new Float(Number(float.replaceAll('_', ''))));
      return;
    }
    const integer = this.match(INTEGER);
    if (integer !== null) {
      const digits = integer.replaceAll('_', '').toLowerCase();
      this.take('number', integer, int(BigInt(/^0+$/.test(digits) ? '0' : digits)));
      return;
    }
    const name = this.match(NAME);
    if (name !== null) {
      if (!IDENTIFIER.test(name)) throw new SyntaxProblem('Invalid character in identifier', this.line);
      this.take('name', name, name);
      return;
    }
    const string = this.match(STRING);
    if (string !== null) {
      this.take('string', string, readEscapes(string.slice(1, -1), this.line));
      return;
    }
    const operator = this.match(OPERATOR);
    if (operator === null) throw new SyntaxProblem('unexpected character', this.line);
    if (CLOSES[operator]) open.push(CLOSES[operator]);
    else if (operator === ')' || operator === ']' || operator === '}') {
      if (open.pop() !== operator) throw new SyntaxProblem(`unexpected '${operator}'`, this.line);
    }
    this.take('operator', operator, operator);
  }

  private take(kind: TokenKind, text: string, value: Token['value']): void {
    this.push(kind, text, value);
    this.advance(this.at + text.length);
  }
}

const ESCAPES: Record<string, string> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const ESCAPE =
  /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{0,2})|u([0-9a-fA-F]{0,4})|U([0-9a-fA-F]{0,8})|(N\{[^}]*\}?)|([\s\S]?))/g;

/** Python's escapes; one it does not know stays with its backslash. */
function readEscapes(text: string, line: number): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (whole, octal, x, u, long, named, other) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const hex = x ?? u ?? long;
    if (hex !== undefined) {
      const size = x !== undefined ? 2 : u !== undefined ? 4 : 8;
      const code = Number.parseInt(hex, 16);
      if (hex.length < size || code > 0x10ffff) throw new SyntaxProblem('truncated escape in a string', line);
      return String.fromCodePoint(code);
    }
    if (named !== undefined) throw new SyntaxProblem('escapes by character name are not known here', line);
    return ESCAPES[other] ?? whole;
  });
}
