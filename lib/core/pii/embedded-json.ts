/**
 * JSON that stands inside a string, read by position: it is edited literal by literal and never re-serialised, so its
 * blanks, key order, duplicate keys and number literals stay as they were logged.
 */
export type JsonLiteral = {
  kind: 'string' | 'number' | 'key';
  /** UTF-16 offsets in the text, half open; quotes included. */
  start: number;
  end: number;
  /** From the text's root, see `leaves.ts`: '#json/to', '#json/to#key', '#json/to#2' for a repeated key. */
  pointer: string;
  /** Nearest object key above; undefined when none stands between the literal and the text's root. */
  key: string | undefined;
  /** Literals with the same number are values of the same object or array. */
  group: number;
};

const MAX_DEPTH = 512;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** One part of a pointer; '#' is ours (`#key`, `#json`, `#2`), so it is escaped besides '~' and '/'. */
export function pointerPart(key: string): string {
  if (!/[~/#]/.test(key)) return key;
  return key.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('#', '~2');
}

/** Index behind the closing quote of the string literal at `at`; -1 when it is none. Escapes are checked. */
function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) return i + 1;
    if (code < 0x20) return -1;
    if (code === 0x5c) {
      i++;
      const escaped = text[i];
      if (escaped === 'u') {
        if (!/^[0-9a-fA-F]{4}$/.test(text.slice(i + 1, i + 5))) return -1;
        i += 4;
      } else if (escaped === undefined || !'"\\/bfnrt'.includes(escaped)) return -1;
    }
  }
  return -1;
}

class Scanner {
  readonly text: string;
  readonly literals: JsonLiteral[] = [];
  private groups = 0;
  constructor(text: string) {
    this.text = text;
  }

  blanks(at: number): number {
    let i = at;
    for (; i < this.text.length; i++) {
      const code = this.text.charCodeAt(i);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
    }
    return i;
  }

  /** Index behind the value that starts at `at`, or -1. */
  value(at: number, pointer: string, key: string | undefined, group: number, depth: number): number {
    const { text } = this;
    const first = text[at];
    if (first === '"') {
      const end = endOfString(text, at);
      if (end > 0) this.literals.push({ kind: 'string', start: at, end, pointer, key, group });
      return end;
    }
    if (first === '{') return depth < MAX_DEPTH ? this.object(at, pointer, key, depth) : -1;
    if (first === '[') return depth < MAX_DEPTH ? this.array(at, pointer, key, depth) : -1;
    for (const word of ['true', 'false', 'null']) if (text.startsWith(word, at)) return at + word.length;
    NUMBER.lastIndex = at;
    const number = NUMBER.exec(text);
    if (number === null) return -1;
    const end = at + number[0].length;
    this.literals.push({ kind: 'number', start: at, end, pointer, key, group });
    return end;
  }

  private array(at: number, pointer: string, key: string | undefined, depth: number): number {
    const group = ++this.groups;
    let i = this.blanks(at + 1);
    if (this.text[i] === ']') return i + 1;
    for (let n = 0; ; n++) {
      i = this.value(i, `${pointer}/${n}`, key, group, depth + 1);
      if (i < 0) return -1;
      i = this.blanks(i);
      if (this.text[i] === ']') return i + 1;
      if (this.text[i] !== ',') return -1;
      i = this.blanks(i + 1);
    }
  }

  private object(at: number, pointer: string, above: string | undefined, depth: number): number {
    const group = ++this.groups;
    const seen = new Map<string, number>();
    let i = this.blanks(at + 1);
    if (this.text[i] === '}') return i + 1;
    for (;;) {
      if (this.text[i] !== '"') return -1;
      const end = endOfString(this.text, i);
      if (end < 0) return -1;
      const key = JSON.parse(this.text.slice(i, end)) as string;
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      const own = `${pointer}/${pointerPart(key)}${times > 1 ? `#${times}` : ''}`;
      this.literals.push({ kind: 'key', start: i, end, pointer: `${own}#key`, key: above, group });
      i = this.blanks(end);
      if (this.text[i] !== ':') return -1;
      i = this.value(this.blanks(i + 1), own, key, group, depth + 1);
      if (i < 0) return -1;
      i = this.blanks(i);
      if (this.text[i] === '}') return i + 1;
      if (this.text[i] !== ',') return -1;
      i = this.blanks(i + 1);
      if (this.text[i] === '}') return -1;
    }
  }
}

/**
 * Literals of a text that is JSON from end to end: one object, array or quoted string, or several objects or arrays
 * one behind the other (JSON Lines: `#json`, `#json.2` …). Undefined when the text is anything else. Linear.
 */
export function scanJson(text: string): JsonLiteral[] | undefined {
  const scanner = new Scanner(text);
  let i = scanner.blanks(0);
  const first = text[i];
  if (first !== '"' && first !== '{' && first !== '[') return undefined;
  const last = text.trimEnd().at(-1);
  if (last !== (first === '"' ? '"' : '}') && !(last === ']' && first !== '"')) return undefined;
  for (let n = 1; i < text.length; n++) {
    if (n > 1 && text[i] !== '{' && text[i] !== '[') return undefined;
    i = scanner.value(i, n === 1 ? '#json' : `#json.${n}`, undefined, -n, 0);
    if (i < 0) return undefined;
    i = scanner.blanks(i);
  }
  return scanner.literals;
}

/** The literal of `text` in the manner of the one it replaces: non-ASCII and slashes escaped where it did so. */
export function quoteLike(text: string, literal: string): string {
  let quoted = JSON.stringify(text);
  if (!/[^\x00-\x7f]/.test(literal) && /\\u(?!00[0-7])/i.test(literal))
    quoted = quoted.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (literal.includes('\\/') && !/(?<!\\)\//.test(literal)) quoted = quoted.replaceAll('/', '\\/');
  return quoted;
}
