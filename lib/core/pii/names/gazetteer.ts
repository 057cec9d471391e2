/**
 * What is known of a word as a name. A list is one text, sorted and front-coded: each entry is how many characters it
 * shares with the one before (one digit to the base 36), the rest of it, and its flags (one sign of `FLAG_SIGNS`, which no
 * folded word holds).
 */
import { NAME_LIST } from './name-list.ts';
import { PLACE_LIST } from './place-list.ts';

export const NAME_FLAGS = {
  /** A given name in some country's list. */
  first: 1,
  /** A family name in some country's list. */
  last: 2,
  /** In a curated list of names, first or last. */
  known: 4,
  /** In a large uncurated list of names. */
  seen: 8,
  /** Among the most frequent English words, in lower case. */
  common: 16,
  /** An English word all the same. */
  rare: 32,
} as const;

const PREFIX = '0123456789abcdefghijklmnopqrstuvwxyz';
/** 64 signs that no folded word holds. */
const FLAG_SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&()*+,./:;<=>?@[]^{|}~¡¢£¤¥¦§«¬¯°±¶·»';

export function packWords(words: ReadonlyMap<string, number>): string {
  let before = '';
  let packed = '';
  for (const word of [...words.keys()].sort()) {
    let shared = 0;
    while (shared < 35 && shared < word.length && word[shared] === before[shared]) shared++;
    packed += PREFIX[shared]! + word.slice(shared) + FLAG_SIGNS[words.get(word)!]!;
    before = word;
  }
  return packed;
}

export function unpackWords(packed: string): Map<string, number> {
  const words = new Map<string, number>();
  const flagOf = new Int16Array(0x10000).fill(-1);
  for (const [flags, sign] of [...FLAG_SIGNS].entries()) flagOf[sign.charCodeAt(0)] = flags;
  let before = '';
  for (let i = 0; i < packed.length; ) {
    const digit = packed.charCodeAt(i);
    const shared = digit < 0x3a ? digit - 0x30 : digit - 0x57;
    let end = i + 1;
    while (flagOf[packed.charCodeAt(end)] === -1) end++;
    before = before.slice(0, shared) + packed.slice(i + 1, end);
    words.set(before, flagOf[packed.charCodeAt(end)]!);
    i = end + 1;
  }
  return words;
}

let names: Map<string, number> | undefined;
let places: Map<string, number> | undefined;

/** Bits of a filter over given names that are no common words: one look tells nearly all other words apart. */
const FILTER_BITS = 1 << 20;
let filter: Uint8Array | undefined;
const hashOf = (text: string, start: number, end: number): number => {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) & (FILTER_BITS - 1);
};

/** False when [start, end) of a text, in lower case, is surely no given name. Reads the text without cutting it. */
export function mayBeGivenName(text: string, start: number, end: number): boolean {
  if (filter === undefined) {
    names ??= unpackWords(NAME_LIST);
    filter = new Uint8Array(FILTER_BITS / 8);
    for (const [word, flags] of names) {
      if ((flags & NAME_FLAGS.first) === 0 || (flags & NAME_FLAGS.common) !== 0) continue;
      const bit = hashOf(word, 0, word.length);
      filter[bit >> 3]! |= 1 << (bit & 7);
    }
  }
  const bit = hashOf(text, start, end);
  if ((filter[bit >> 3]! & (1 << (bit & 7))) !== 0) return true;
  for (let i = start; i < end; i++) if (text.charCodeAt(i) > 127 || text.charCodeAt(i) === 0x2d) return true;
  return false;
}

/** Flags of a folded word; 0 when nothing is known of it. */
export function nameFlags(word: string): number {
  names ??= unpackWords(NAME_LIST);
  return names.get(word) ?? 0;
}

/** Whether the folded text names a town or country; several words stand with one blank between. */
export function isPlace(text: string): boolean {
  places ??= unpackWords(PLACE_LIST);
  return places.has(text);
}

/** A word that says little by itself: it needs more than its spelling to be taken for a name. */
export const isCommonWord = (word: string): boolean => (nameFlags(word) & NAME_FLAGS.common) !== 0;
