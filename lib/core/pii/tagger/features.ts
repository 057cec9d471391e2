/**
 * What the tagger sees of a word: its spelling, the gazetteer, its neighbours, what stands between them, and what the
 * rules of `names/` say. Every feature is a slot of one table of weights; two features may share a slot.
 */
import { LEGAL_FORMS, NOT_NAMES, ORG_WORDS, PARTICLES, PLACE_WORDS, TITLES } from '../names/cues.ts';
import type { NameHit } from '../names/find-names.ts';
import { isPlace, NAME_FLAGS } from '../names/gazetteer.ts';
import type { Token } from '../names/tokens.ts';

/** Slots of the table: 2^17. */
export const SLOT_BITS = 17;
export const FEATURES = 30;
const MASK = (1 << SLOT_BITS) - 1;

const SHAPES = { lower: 1, capital: 2, upper: 3, initial: 4, caseless: 5, camel: 6 } as const;

const mix = (a: number, b: number): number => {
  const h = Math.imul(a ^ b, 0x9e3779b1);
  return h ^ (h >>> 15);
};
function hashOf(word: string, from: number, to: number): number {
  let h = 0x811c9dc5;
  for (let i = from; i < to; i++) h = Math.imul(h ^ word.charCodeAt(i), 0x01000193);
  return h | 0;
}

/** Kinds of what stands between two words; 0 at the text's edges. */
const GAPS = new Uint8Array(128).fill(1);
for (const [kind, signs] of [
  '',
  '',
  ' ',
  '\n\r',
  ',',
  '.',
  ':;',
  '!?',
  '\'"`',
  '([{',
  ')]}',
  '@',
  '#',
  '/\\',
  '_',
  '=<>',
  '-',
  '|*',
  '0123456789',
].entries())
  for (const sign of signs) GAPS[sign.charCodeAt(0)] = kind;
const gapKind = (text: string, at: number): number => {
  if (at < 0 || at >= text.length) return 0;
  const code = text.charCodeAt(at);
  return code < 128 ? GAPS[code]! : 19;
};

/** The words of a text, read once. */
export type Words = {
  count: number;
  word: Int32Array;
  shape: Uint8Array;
  /** What lists say of the word. */
  lists: Uint16Array;
  /** Kinds of the nearest characters before and behind, and whether a line or sentence starts at the word. */
  before: Uint8Array;
  behind: Uint8Array;
  starts: Uint8Array;
  /** What the rules say: 0 nothing, else type, place in the name and score. */
  ruled: Uint8Array;
  /** Letter case of the whole text: 0 as usual, 1 no capitals, 2 mostly capitals. */
  casing: number;
  tokens: readonly Token[];
  text: string;
};

const LISTS = { place: 64, org: 128, placeWord: 256, title: 512, notName: 1024, particle: 2048, legal: 4096 } as const;
/** What the lists of `names/cues.ts` say, by word. */
const CUES = new Map<string, number>();
for (const [words, bit] of [
  [ORG_WORDS, LISTS.org],
  [LEGAL_FORMS, LISTS.legal],
  [PLACE_WORDS, LISTS.placeWord],
  [TITLES, LISTS.title],
  [NOT_NAMES, LISTS.notName],
  [PARTICLES, LISTS.particle],
] as const)
  for (const word of words) CUES.set(word, (CUES.get(word) ?? 0) | bit);
const TYPES = { PERSON: 1, LOCATION: 2, ORG: 3 } as Record<string, number>;

export function wordsOfText(text: string, tokens: readonly Token[], hits: readonly NameHit[]): Words {
  const count = tokens.length;
  const words: Words = {
    count,
    word: new Int32Array(count),
    shape: new Uint8Array(count),
    lists: new Uint16Array(count),
    before: new Uint8Array(count),
    behind: new Uint8Array(count),
    starts: new Uint8Array(count),
    ruled: new Uint8Array(count),
    casing: 0,
    tokens,
    text,
  };
  let capitals = 0;
  let uppers = 0;
  for (let i = 0; i < count; i++) {
    const { shape } = tokens[i]!;
    words.shape[i] = SHAPES[shape];
    if (shape === 'capital') capitals++;
    else if (shape === 'upper') uppers++;
  }
  words.casing = capitals + uppers === 0 ? 1 : uppers > capitals && uppers * 2 > count ? 2 : 0;
  for (const hit of hits) {
    let first = true;
    for (let i = firstFrom(tokens, hit.start); i < count && tokens[i]!.start < hit.end; i++) {
      const score = hit.score >= 0.8 ? 3 : hit.score >= 0.6 ? 2 : hit.score >= 0.45 ? 1 : 0;
      words.ruled[i] = 1 + (TYPES[hit.type] ?? 0) * 8 + score * 2 + (first ? 1 : 0);
      first = false;
    }
  }
  return words;
}

/** Index of the first token that ends behind `at`. */
function firstFrom(tokens: readonly Token[], at: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.end > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** 1 a sentence starts here, 2 a line or the text, 0 neither. */
function startOf(text: string, at: number): number {
  for (let i = at - 1; i >= 0 && at - i < 6; i--) {
    const code = text.charCodeAt(i);
    if (code === 0x0a) return 2;
    if (code === 0x2e || code === 0x21 || code === 0x3f || code === 0x3a) return 1;
    if (code !== 0x20 && code !== 0x22 && code !== 0x27 && code !== 0x28 && code !== 0x09 && code !== 0x2a) return 0;
    if (i === 0) return 2;
  }
  return at === 0 ? 2 : 0;
}

/** Looked up for the words that are asked about only. */
function fill(words: Words, i: number): void {
  if (words.word[i] !== 0) return;
  const { folded, flags, start, endAll } = words.tokens[i]!;
  words.before[i] = gapKind(words.text, start - 1);
  words.behind[i] = gapKind(words.text, endAll);
  words.starts[i] = startOf(words.text, start);
  words.word[i] = hashOf(folded, 0, folded.length) | 1;
  let lists = flags;
  if (isPlace(folded)) lists |= LISTS.place;
  lists |= CUES.get(folded) ?? 0;
  words.lists[i] = lists;
}

/** Writes the slots of word `i` to `out` at `at`; `FEATURES` of them. */
export function writeFeatures(words: Words, i: number, out: Int32Array, at: number): void {
  const { count, shape, before, behind, starts, ruled, casing } = words;
  for (let k = Math.max(0, i - 2); k <= Math.min(count - 1, i + 2); k++) fill(words, k);
  const { folded } = words.tokens[i]!;
  const w = (k: number): number => (k < 0 ? 11 : k >= count ? 13 : words.word[k]!);
  const g = (k: number): number => (k < 0 || k >= count ? 0x4000 : words.lists[k]!);
  const s = (k: number): number => (k < 0 || k >= count ? 0 : shape[k]!);
  const length = folded.length;
  const here = s(i);
  const own = g(i) | (here << 16);
  const gaps = before[i]! | (behind[i]! << 5);
  const w0 = w(i);
  let n = at;
  const put = (template: number, value: number): void => {
    out[n++] = mix(mix(template * 0x85ebca6b, value), 0x2545f491 + template) & MASK;
  };
  put(1, here);
  put(2, w0);
  put(3, w(i - 1));
  put(4, w(i + 1));
  put(5, w(i - 2));
  put(6, w(i + 2));
  put(7, here | (s(i - 1) << 3) | (s(i + 1) << 6) | (casing << 9));
  put(8, mix(hashOf(folded, 0, Math.min(3, length)), here));
  put(9, mix(hashOf(folded, Math.max(0, length - 3), length), here));
  put(10, mix(hashOf(folded, Math.max(0, length - 2), length), here));
  put(11, own);
  put(12, g(i - 1) | (s(i - 1) << 16));
  put(13, g(i + 1) | (s(i + 1) << 16));
  put(14, mix(own, g(i - 1) | (s(i - 1) << 16)));
  put(15, mix(own, g(i + 1) | (s(i + 1) << 16)));
  put(16, before[i]! | (here << 5));
  put(17, behind[i]! | (here << 5));
  put(18, mix(own, starts[i]! | (casing << 3)));
  put(19, mix(w(i - 1), here | (before[i]! << 3)));
  put(20, mix(w(i + 1), here | (behind[i]! << 3)));
  put(21, ruled[i]! | (here << 8));
  put(22, mix(ruled[i]!, own));
  put(23, mix(w(i - 1), w0));
  put(24, mix(w0, w(i + 1)));
  put(25, mix(gaps, here));
  put(26, Math.min(length, 12) | (here << 4) | (casing << 8));
  put(27, (i > 0 ? ruled[i - 1]! : 0) | (ruled[i]! << 8) | ((i + 1 < count ? ruled[i + 1]! : 0) << 16));
  put(28, mix(mix(w(i - 2), w(i - 1)), here));
  put(29, mix(mix(g(i - 1), g(i + 1)), own));
  put(30, mix(g(i) & (NAME_FLAGS.common | NAME_FLAGS.rare | 0x7c0), starts[i]! | (here << 4) | (casing << 8)));
}

/** Gaps of paths, members, calls and assignments: `/`, `_`; `/`, `_`, an opening bracket. */
const CODE_BEFORE = new Set([13, 14]);
const CODE_BEHIND = new Set([9, 13, 14]);
const NAMED = NAME_FLAGS.first | NAME_FLAGS.last | NAME_FLAGS.known;

/** Whether any word could be a candidate, told without reading the words: most short texts of a log hold none. */
export const mayHold = (tokens: readonly Token[]): boolean =>
  tokens.some(({ shape }) => shape === 'capital' || shape === 'upper') ||
  tokens.some(
    ({ flags, start, end }) =>
      end - start >= 3 &&
      (flags & NAME_FLAGS.common) === 0 &&
      ((flags & NAME_FLAGS.rare) === 0 || (flags & NAMED) !== 0),
  );

/** Whether the tagger has to look at a word: a capital that stands for more than a start, or a given name in lower case. */
export function isCandidate(words: Words, i: number): boolean {
  if (words.ruled[i] !== 0) return true;
  const shape = words.shape[i]!;
  const token = words.tokens[i]!;
  if (shape === SHAPES.lower) {
    if (token.end - token.start < 3) return false;
    const { flags } = token;
    if ((flags & NAME_FLAGS.common) !== 0) return false;
    // without any capital in the text a name can only be told by its letters
    return words.casing === 1
      ? (flags & NAME_FLAGS.rare) === 0 || (flags & NAMED) !== 0
      : (flags & NAME_FLAGS.first) !== 0;
  }
  if (shape === SHAPES.caseless || shape === SHAPES.initial || shape === SHAPES.camel) return false;
  fill(words, i);
  if (CODE_BEFORE.has(words.before[i]!) || CODE_BEHIND.has(words.behind[i]!)) return false;
  const lists = words.lists[i]!;
  if ((lists & (LISTS.org | LISTS.legal | LISTS.place | LISTS.title)) !== 0) return true;
  if ((lists & LISTS.notName) !== 0) return false;
  return words.starts[i] === 0 || (lists & NAME_FLAGS.common) === 0 || (lists & NAMED) !== 0;
}
