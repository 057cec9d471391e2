/** JSON with exactly the liberties that are named: what models and Python's `repr` write instead of JSON. */
import { type Json, JsonNumber, type JsonObject } from '../trajectory/json.ts';
import { MAX_DEPTH, sanitise } from './parse-json.ts';

export type LooseRules = {
  trailingComma?: boolean;
  singleQuotes?: boolean;
  /** `True`, `False`, `None`, tuples, `\'`, `\x41` and adjacent-free string prefixes. */
  python?: boolean;
};

const NUMBER = /[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[A-Za-z]+/y;
const ESCAPES: { [letter: string]: string } = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\uFFFD', '\n': '' };

/** @returns undefined when the text is not that either */
export function parseLoose(text: string, rules: LooseRules): Json | undefined {
  const reader = new LooseReader(text, rules);
  try {
    const value = reader.value(0);
    reader.blanks();
    return reader.at === text.length ? value : undefined;
  } catch (thrown) {
    if (thrown instanceof NotLoose) return undefined;
    throw thrown;
  }
}

class NotLoose extends Error {}

class LooseReader {
  at = 0;
  private readonly text: string;
  private readonly rules: LooseRules;

  constructor(text: string, rules: LooseRules) {
    this.text = text;
    this.rules = rules;
  }

  blanks(): void {
    while (this.at < this.text.length && ' \t\r\n'.includes(this.text[this.at]!)) this.at++;
  }

  value(depth: number): Json {
    if (depth > MAX_DEPTH) throw new NotLoose();
    this.blanks();
    const char = this.text[this.at];
    if (char === '{') return this.object(depth);
    if (char === '[') return this.list(']', depth);
    if (char === '(' && this.rules.python) return this.list(')', depth);
    if (char === '"' || (char === "'" && this.rules.singleQuotes)) return this.string(char);
    const word = this.word();
    return word === undefined ? this.number() : word;
  }

  private object(depth: number): JsonObject {
    const object: JsonObject = Object.create(null);
    this.at++;
    for (let first = true; ; first = false) {
      if (this.closes('}', first)) return object;
      const quote = this.text[this.at];
      if (quote !== '"' && !(quote === "'" && this.rules.singleQuotes)) throw new NotLoose();
      const key = this.string(quote);
      this.blanks();
      if (this.text[this.at] !== ':') throw new NotLoose();
      this.at++;
      delete object[key];
      object[key] = this.value(depth + 1);
    }
  }

  private list(close: string, depth: number): Json[] {
    const items: Json[] = [];
    this.at++;
    for (let first = true; ; first = false) {
      if (this.closes(close, first)) return items;
      items.push(this.value(depth + 1));
    }
  }

  /** Stands before an item or at the end; eats the comma between two. */
  private closes(close: string, first: boolean): boolean {
    this.blanks();
    if (!first && this.text[this.at] !== close) {
      if (this.text[this.at] !== ',') throw new NotLoose();
      this.at++;
      this.blanks();
      if (this.text[this.at] === close && !this.rules.trailingComma) throw new NotLoose();
    }
    if (this.text[this.at] !== close) return false;
    this.at++;
    return true;
  }

  private string(quote: string): string {
    this.at++;
    let out = '';
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) throw new NotLoose();
      this.at++;
      if (char === quote) return sanitise(out);
      if (char === '\\') out += this.escape();
      else if (char < ' ' && !this.rules.python) throw new NotLoose();
      else out += char;
    }
  }

  private escape(): string {
    const letter = this.text[this.at++];
    if (letter === undefined) throw new NotLoose();
    const size = letter === 'u' ? 4 : letter === 'x' && this.rules.python ? 2 : 0;
    if (size === 0) return ESCAPES[letter] ?? letter;
    const hex = this.text.slice(this.at, this.at + size);
    if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length < size) throw new NotLoose();
    this.at += size;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  private word(): Json | undefined {
    WORD.lastIndex = this.at;
    if (!WORD.test(this.text)) return undefined;
    const word = this.text.slice(this.at, WORD.lastIndex);
    this.at = WORD.lastIndex;
    if (word === 'true' || (word === 'True' && this.rules.python)) return true;
    if (word === 'false' || (word === 'False' && this.rules.python)) return false;
    if (word === 'null' || (word === 'None' && this.rules.python)) return null;
    throw new NotLoose();
  }

  private number(): Json {
    NUMBER.lastIndex = this.at;
    if (!NUMBER.test(this.text)) throw new NotLoose();
    const literal = this.text.slice(this.at, NUMBER.lastIndex);
    this.at = NUMBER.lastIndex;
    const number = Number(literal);
    if (String(number) === literal) return number;
    // Only what JSON can print again may stay a literal.
    return /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(literal) ? new JsonNumber(literal) : number;
  }
}
