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
  const flags = new Map([...FLAG_SIGNS].map((sign, value) => [sign, value]));
  let before = '';
  for (let i = 0; i < packed.length; ) {
    const shared = Number.parseInt(packed[i]!, 36);
    let end = i + 1;
    while (!flags.has(packed[end]!)) end++;
    before = before.slice(0, shared) + packed.slice(i + 1, end);
    words.set(before, flags.get(packed[end]!)!);
    i = end + 1;
  }
  return words;
}

let names: Map<string, number> | undefined;
let places: Map<string, number> | undefined;

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
