/**
 * JSON as Python's `json.loads` reads it, into template values: ints of any size, floats as doubles (`1e999` is
 * infinity, `NaN` is taken), keys in the order of the text, the last of equal keys at the first one's place.
 */
import { Dict, Float, int, type Value } from './values.ts';

const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const WORDS: [string, Value][] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', new Float(Number.NaN)],
  ['Infinity', new Float(Number.POSITIVE_INFINITY)],
  ['-Infinity', new Float(Number.NEGATIVE_INFINITY)],
];
/** Python stops at its recursion limit of 1,000 frames. */
const MAX_DEPTH = 900;
const NEEDS_DECODING = /[\\\u0000-\u001f]/;

export class NotJson extends Error {}

/** @throws NotJson */
export function readJson(text: string): Value {
  const reader = new Reader(text);
  const value = reader.value();
  if (reader.skip() < text.length) throw new NotJson('text after the end');
  return value;
}

class Reader {
  readonly text: string;
  at = 0;
  depth = 0;
  constructor(text: string) {
    this.text = text;
  }

  skip(): number {
    const { text } = this;
    let { at } = this;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
      at++;
    }
    this.at = at;
    return at;
  }

  value(): Value {
    const code = this.text.charCodeAt(this.skip());
    if (code === 0x22) return this.string();
    if (code === 0x7b) return this.object();
    if (code === 0x5b) return this.list();
    return this.scalar();
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) throw new NotJson('nested too deep');
    this.at++;
    this.skip();
  }

  private object(): Dict {
    const dict = new Dict();
    const { map } = dict;
    this.enter();
    if (this.text.charCodeAt(this.at) === 0x7d) return this.leave(dict);
    for (;;) {
      if (this.text.charCodeAt(this.at) !== 0x22) throw new NotJson('a key is missing');
      const key = this.string();
      if (this.text.charCodeAt(this.skip()) !== 0x3a) throw new NotJson('a colon is missing');
      this.at++;
      map.set(key, this.value());
      const code = this.text.charCodeAt(this.skip());
      if (code === 0x7d) return this.leave(dict);
      if (code !== 0x2c) throw new NotJson('a comma is missing');
      this.at++;
      this.skip();
    }
  }

  private list(): Value[] {
    const items: Value[] = [];
    this.enter();
    if (this.text.charCodeAt(this.at) === 0x5d) return this.leave(items);
    for (;;) {
      items.push(this.value());
      const code = this.text.charCodeAt(this.skip());
      if (code === 0x5d) return this.leave(items);
      if (code !== 0x2c) throw new NotJson('a comma is missing');
      this.at++;
    }
  }

  private leave<T>(value: T): T {
    this.depth--;
    this.at++;
    return value;
  }

  private string(): string {
    const { text } = this;
    const from = this.at + 1;
    let end = text.indexOf('"', from);
    while (end > 0 && this.isEscaped(end, from)) end = text.indexOf('"', end + 1);
    if (end < 0) throw new NotJson('a string does not end');
    this.at = end + 1;
    const inner = text.slice(from, end);
    if (!NEEDS_DECODING.test(inner)) return inner;
    try {
      return JSON.parse(text.slice(from - 1, end + 1));
    } catch {
      throw new NotJson('a string is broken');
    }
  }

  private isEscaped(quote: number, from: number): boolean {
    let backslashes = 0;
    while (quote - 1 - backslashes >= from && this.text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++;
    return backslashes % 2 === 1;
  }

  private scalar(): Value {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match) {
      this.at = NUMBER.lastIndex;
      if (match[2] !== undefined || match[3] !== undefined) return new Float(Number(match[0]));
      const number = Number(match[1]);
      return Number.isSafeInteger(number) ? number + 0 : int(BigInt(match[1]!));
    }
    for (const [word, value] of WORDS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    throw new NotJson('no JSON');
  }
}
