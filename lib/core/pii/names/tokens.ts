/** Words of a text with what their letters and the gazetteer say of them. Offsets are UTF-16, half open. */
import { foldValue } from '../fold-text.ts';
import { NAME_FLAGS, nameFlags, nameFlagsIn } from './gazetteer.ts';

/** `camel`: a capital behind a small letter, as in code. */
export type Shape = 'lower' | 'capital' | 'upper' | 'initial' | 'camel' | 'caseless';

/** What the gazetteer says is looked up when somebody asks: most words of a text are never asked about. */
export class Token {
  readonly start: number;
  /** Without a possessive ending. */
  readonly end: number;
  /** With it. */
  readonly endAll: number;
  readonly shape: Shape;
  private readonly text: string;
  private knownFolded: string | undefined;
  private knownFlags: number | undefined;

  /** Small letters of ASCII: the text reads as its folded form does. */
  private readonly isPlain: boolean;

  constructor(text: string, start: number, end: number, endAll: number, shape: Shape, isPlain = false) {
    this.isPlain = isPlain;
    this.text = text;
    this.start = start;
    this.end = end;
    this.endAll = endAll;
    this.shape = shape;
  }

  get folded(): string {
    if (this.knownFolded === undefined) {
      const word = this.text.slice(this.start, this.end);
      this.knownFolded = ASCII.test(word) ? word.toLowerCase() : foldValue(word);
    }
    return this.knownFolded;
  }

  get flags(): number {
    if (this.knownFlags === undefined)
      this.knownFlags =
        this.isPlain && this.knownFolded === undefined
          ? nameFlagsIn(this.text, this.start, this.end)
          : flagsOf(this.folded, this.shape);
    return this.knownFlags;
  }
}

const ASCII = /^[\x00-\x7f]*$/;
const ANY_WORD = /[\p{L}\p{M}][\p{L}\p{M}'’]*(?:[-‐][\p{L}\p{M}'’]+)*/gu;

export function tokensOf(text: string): Token[] {
  if (ASCII.test(text)) return asciiTokens(text);
  const tokens: Token[] = [];
  for (const match of text.matchAll(ANY_WORD)) {
    const start = match.index;
    const endAll = start + match[0].length;
    tokens.push(new Token(text, start, endAll - possessiveLength(text, start, endAll), endAll, shapeOf(match[0])));
  }
  return tokens;
}

/** 1 small letter, 2 capital, 3 apostrophe, 4 hyphen. */
const KIND = new Uint8Array(128);
for (let code = 0x61; code <= 0x7a; code++) {
  KIND[code] = 1;
  KIND[code - 0x20] = 2;
}
KIND[0x27] = 3;
KIND[0x2d] = 4;

/** Openings of names that go on with a capital: McDonald, DeVito. */
const HUMPED = new Set(['Mc', 'Mac', 'De', 'Di', 'Du', 'La', 'Le', 'Van', 'Von', 'Fitz', 'Ben', 'El', 'Al']);

/** What `ANY_WORD` finds in ASCII. */
function asciiTokens(text: string): Token[] {
  const tokens: Token[] = [];
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const first = KIND[text.charCodeAt(i)]!;
    if (first !== 1 && first !== 2) continue;
    const start = i;
    let hasSmall = first === 1;
    let hump = 0;
    let isSmall = true;
    for (i++; i < length; i++) {
      const kind = KIND[text.charCodeAt(i)]!;
      if (kind === 1) hasSmall = true;
      else if (kind === 2) {
        isSmall = false;
        if (hump === 0 && KIND[text.charCodeAt(i - 1)] === 1) hump = i - start;
      } else if (kind === 4) {
        const next = i + 1 < length ? KIND[text.charCodeAt(i + 1)]! : 0;
        if (next === 0 || next === 4) break;
      } else if (kind === 0) break;
    }
    const isCamel = hump > 0 && !HUMPED.has(text.slice(start, start + hump));
    const shape =
      first === 1 ? 'lower' : i - start === 1 ? 'initial' : !hasSmall ? 'upper' : isCamel ? 'camel' : 'capital';
    tokens.push(
      new Token(text, start, i - possessiveLength(text, start, i), i, shape, first === 1 && hump === 0 && isSmall),
    );
  }
  return tokens;
}

/** "Mara's", "Maras'" (the s stays), "Mara'". */
function possessiveLength(text: string, start: number, end: number): number {
  const isQuote = (at: number): boolean => at > start && (text[at] === "'" || text[at] === '’');
  if (isQuote(end - 1)) return 1;
  return (text[end - 1] === 's' || text[end - 1] === 'S') && isQuote(end - 2) ? 2 : 0;
}

function shapeOf(word: string): Shape {
  const code = word.charCodeAt(0);
  if (code < 128) {
    if (code >= 97) return 'lower';
    if (word.length === 1) return 'initial';
    return word === word.toUpperCase() ? 'upper' : 'capital';
  }
  const first = String.fromCodePoint(word.codePointAt(0)!);
  if (first.toLowerCase() === first.toUpperCase()) return 'caseless';
  if (first === first.toLowerCase()) return 'lower';
  if (word.length === first.length) return 'initial';
  return word === word.toUpperCase() ? 'upper' : 'capital';
}

/** A double name ("Anna-Lena", "O'Brien") is as much of a name as its best known part. */
function flagsOf(folded: string, shape: Shape): number {
  const flags = nameFlags(folded);
  if (flags !== 0 || shape === 'lower' || !/[-']/.test(folded)) return flags;
  let all = 0;
  for (const part of folded.split(/[-']/)) {
    const known = nameFlags(part);
    if (part.length > 2 && (known & NAME_FLAGS.common) !== 0) return 0;
    all |= known;
  }
  return all;
}

const has = (token: Token, mask: number): boolean => (token.flags & mask) !== 0;
const WORDS = NAME_FLAGS.common;
export const isGiven = (token: Token): boolean => has(token, NAME_FLAGS.first) && !has(token, WORDS);
export const isMaybeGiven = (token: Token): boolean => has(token, NAME_FLAGS.first);
/** In some list of names, and no common word. */
export const isNameLike = (token: Token): boolean =>
  has(token, NAME_FLAGS.first | NAME_FLAGS.last | NAME_FLAGS.known) && !has(token, WORDS);
export const isSeen = (token: Token): boolean => has(token, NAME_FLAGS.seen) && !has(token, WORDS);
export const isWord = (token: Token): boolean => has(token, WORDS);
export const isRareWord = (token: Token): boolean => has(token, NAME_FLAGS.rare);
export const isUnknown = (token: Token): boolean => token.flags === 0;
