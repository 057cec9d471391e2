/** Words of a text with what their letters and the gazetteer say of them. Offsets are UTF-16, half open. */
import { foldValue } from '../fold-text.ts';
import { NAME_FLAGS, nameFlags } from './gazetteer.ts';

export type Shape = 'lower' | 'capital' | 'upper' | 'initial' | 'caseless';
export type Token = {
  start: number;
  /** Without a possessive ending. */
  end: number;
  /** With it. */
  endAll: number;
  folded: string;
  shape: Shape;
  flags: number;
};

const ASCII = /^[\x00-\x7f]*$/;
const ASCII_WORD = /[A-Za-z][A-Za-z']*(?:-[A-Za-z']+)*/g;
const ANY_WORD = /[\p{L}\p{M}][\p{L}\p{M}'’]*(?:[-‐][\p{L}\p{M}'’]+)*/gu;
const POSSESSIVE = /(?:['’]s|s['’]|['’])$/i;

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const ascii = ASCII.test(text);
  for (const match of text.matchAll(ascii ? ASCII_WORD : ANY_WORD)) {
    const whole = match[0];
    const start = match.index;
    let length = whole.length;
    if (whole.charCodeAt(length - 1) === 0x73 || /['’]/.test(whole)) {
      const ending = POSSESSIVE.exec(whole);
      if (ending !== null) length -= ending[0].toLowerCase().startsWith('s') ? 1 : ending[0].length;
    }
    const word = length === whole.length ? whole : whole.slice(0, length);
    const folded = ascii ? word.toLowerCase() : foldValue(word);
    const shape = shapeOf(word);
    tokens.push({
      start,
      end: start + length,
      endAll: start + whole.length,
      folded,
      shape,
      flags: flagsOf(folded, shape),
    });
  }
  return tokens;
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
