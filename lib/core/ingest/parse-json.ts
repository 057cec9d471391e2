/**
 * JSON as it was logged: numbers a double would change stay literal, a key given twice is flagged (the last wins),
 * U+0000 and lone surrogates become U+FFFD, and nothing deeper than the limit is read. Written by hand because
 * `JSON.parse` tells none of these; strings are still decoded by it.
 */
import { type Json, JsonNumber, type JsonObject } from '../trajectory/json.ts';
import { itemMemo, type ReadItem } from './item-memo.ts';

export const MAX_DEPTH = 512;

export type JsonFlag = 'duplicate_keys' | 'sanitised';
export type JsonReading =
  | { ok: true; value: Json; flags: JsonFlag[] }
  /** `atEnd`: what is there is fine so far, but it stops early. `at` is a UTF-16 index. */
  | { ok: false; reason: 'bad_json' | 'too_deep'; at: number; atEnd: boolean };

/**
 * @param text one JSON value, blanks around it allowed
 * @returns values that are not to be changed: the same text may give the same object again
 */
export function parseJson(text: string, maxDepth = MAX_DEPTH): JsonReading {
  const reader = new Reader(text, maxDepth);
  try {
    const value = reader.document();
    const flags: JsonFlag[] = [];
    if (reader.duplicateKeys) flags.push('duplicate_keys');
    if (reader.sanitised) flags.push('sanitised');
    return { ok: true, value, flags };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return { ok: false, reason: thrown.reason, at: thrown.at, atEnd: thrown.at >= text.length };
  }
}

/** Replaces what no store and no JSON output may hold. @returns the very same string when nothing had to go */
export function sanitise(text: string): string {
  const formed = text.isWellFormed() ? text : text.toWellFormed();
  return formed.includes('\0') ? formed.replaceAll('\0', '\uFFFD') : formed;
}

class Refusal extends Error {
  readonly reason: 'bad_json' | 'too_deep';
  readonly at: number;
  constructor(reason: 'bad_json' | 'too_deep', at: number) {
    super(reason);
    this.reason = reason;
    this.at = at;
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PART_OF_NUMBER = /[-+.0-9eE]*/y;
/** Lists that request logs repeat. */
const REPEATED = new Set(['messages', 'contents', 'tools', 'functions', 'input']);
const NEEDS_DECODING = /[\\\u0000-\u001f]/;

class Reader {
  readonly text: string;
  readonly maxDepth: number;
  at = 0;
  depth = 0;
  deepest = 0;
  duplicateKeys = false;
  sanitised = false;

  /** Inside an item that is remembered as a whole, none is looked up. */
  private readonly isItem: boolean;

  constructor(text: string, maxDepth: number, isItem = false) {
    this.text = text;
    this.maxDepth = maxDepth;
    this.isItem = isItem;
  }

  document(): Json {
    const value = this.repeated();
    this.blanks();
    if (this.at < this.text.length) throw new Refusal('bad_json', this.at);
    return value;
  }

  private value(): Json {
    this.blanks();
    const code = this.text.charCodeAt(this.at);
    if (code === 0x22) return this.string();
    if (code === 0x7b) return this.object();
    if (code === 0x5b) return this.array();
    if (code === 0x74) return this.word('true', true);
    if (code === 0x66) return this.word('false', false);
    if (code === 0x6e) return this.word('null', null);
    return this.number();
  }

  private blanks(): void {
    const text = this.text;
    let at = this.at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
      at++;
    }
    this.at = at;
  }

  private enter(): void {
    this.depth++;
    if (this.depth > this.deepest) {
      this.deepest = this.depth;
      if (this.depth > this.maxDepth) throw new Refusal('too_deep', this.at);
    }
    this.at++;
    this.blanks();
  }

  private object(): JsonObject {
    this.enter();
    const object: JsonObject = Object.create(null);
    if (this.text.charCodeAt(this.at) === 0x7d) return this.leave(object);
    for (;;) {
      if (this.text.charCodeAt(this.at) !== 0x22) throw new Refusal('bad_json', this.at);
      const key = this.string();
      this.blanks();
      if (this.text.charCodeAt(this.at) !== 0x3a) throw new Refusal('bad_json', this.at);
      this.at++;
      if (key in object) {
        this.duplicateKeys = true;
        // The last one wins in place as well: key order is that of the values that count.
        delete object[key];
      }
      object[key] = REPEATED.has(key) ? this.repeated() : this.value();
      this.blanks();
      const code = this.text.charCodeAt(this.at);
      if (code === 0x7d) return this.leave(object);
      if (code !== 0x2c) throw new Refusal('bad_json', this.at);
      this.at++;
      this.blanks();
    }
  }

  private array(recalls = false): Json[] {
    this.enter();
    const items: Json[] = [];
    if (this.text.charCodeAt(this.at) === 0x5d) return this.leave(items);
    for (;;) {
      items.push(recalls ? this.item() : this.value());
      this.blanks();
      const code = this.text.charCodeAt(this.at);
      if (code === 0x5d) return this.leave(items);
      if (code !== 0x2c) throw new Refusal('bad_json', this.at);
      this.at++;
    }
  }

  /** A value whose items, when it is a list, are likely to come again. */
  private repeated(): Json {
    this.blanks();
    return this.text.charCodeAt(this.at) === 0x5b && !this.isItem ? this.array(true) : this.value();
  }

  private item(): Json {
    this.blanks();
    const from = this.at;
    const mark = this.text.charCodeAt(from) === 0x7b ? itemMemo.glance(this.text, from) : 0;
    if (mark === 0) return this.value();
    const known = itemMemo.recall(mark, this.text, from) ?? (itemMemo.comesAgain(mark) ? this.learn(mark) : undefined);
    if (!known || this.depth + known.depth > this.maxDepth) return this.object();
    this.duplicateKeys ||= known.duplicateKeys;
    this.sanitised ||= known.sanitised;
    this.deepest = Math.max(this.deepest, this.depth + known.depth);
    this.at = from + known.text.length;
    return known.value;
  }

  /** Reads a copy of the item, so that remembering it does not hold on to the text around it. */
  private learn(mark: number): ReadItem | undefined {
    const from = this.at;
    try {
      this.object();
      const text = Buffer.from(this.text.slice(from, this.at)).toString();
      const reader = new Reader(text, this.maxDepth, true);
      const value = reader.object();
      const { deepest: depth, duplicateKeys, sanitised } = reader;
      const item = { text, value, depth, duplicateKeys, sanitised };
      itemMemo.keep(mark, item);
      return item;
    } finally {
      this.at = from;
    }
  }

  private leave<T>(value: T): T {
    this.depth--;
    this.at++;
    return value;
  }

  private string(): string {
    const from = this.at + 1;
    let end = this.text.indexOf('"', from);
    while (end > 0 && this.isEscaped(end, from)) end = this.text.indexOf('"', end + 1);
    if (end < 0) throw new Refusal('bad_json', this.firstControl(from) ?? this.text.length);
    const inner = this.text.slice(from, end);
    this.at = end + 1;
    if (!NEEDS_DECODING.test(inner)) return inner;
    let decoded: string;
    try {
      decoded = JSON.parse(this.text.slice(from - 1, end + 1));
    } catch {
      throw new Refusal('bad_json', from);
    }
    const clean = sanitise(decoded);
    if (clean !== decoded) this.sanitised = true;
    return clean;
  }

  private isEscaped(quote: number, from: number): boolean {
    let backslashes = 0;
    while (quote - 1 - backslashes >= from && this.text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++;
    return backslashes % 2 === 1;
  }

  /** A raw control character can't stand in a string: then it is broken, not cut. */
  private firstControl(from: number): number | undefined {
    for (let at = from; at < this.text.length; at++) if (this.text.charCodeAt(at) < 0x20) return at;
    return undefined;
  }

  private word<T>(word: string, value: T): T {
    if (this.text.startsWith(word, this.at)) {
      this.at += word.length;
      return value;
    }
    const rest = this.text.slice(this.at);
    throw new Refusal('bad_json', word.startsWith(rest) ? this.text.length : this.at);
  }

  private number(): number | JsonNumber {
    NUMBER.lastIndex = this.at;
    if (!NUMBER.test(this.text)) throw new Refusal('bad_json', this.partialNumber());
    const literal = this.text.slice(this.at, NUMBER.lastIndex);
    this.at = NUMBER.lastIndex;
    const number = Number(literal);
    return String(number) === literal ? number : new JsonNumber(literal);
  }

  private partialNumber(): number {
    PART_OF_NUMBER.lastIndex = this.at;
    PART_OF_NUMBER.test(this.text);
    return PART_OF_NUMBER.lastIndex === this.text.length ? this.text.length : this.at;
  }
}
