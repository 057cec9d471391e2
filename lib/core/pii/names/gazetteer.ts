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

function flagsBySign(): Int16Array {
  const flagOf = new Int16Array(0x10000).fill(-1);
  for (const [flags, sign] of [...FLAG_SIGNS].entries()) flagOf[sign.charCodeAt(0)] = flags;
  return flagOf;
}

export function unpackWords(packed: string): Map<string, number> {
  const words = new Map<string, number>();
  const flagOf = flagsBySign();
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

/**
 * The list as hashes: 237,000 strings would cost a fifth of a second and 20 MB at every start. Two hashes of 32 bits,
 * one to find the slot and one to know the word again, let one unknown word in four billion pass for a known one.
 */
class WordTable {
  private readonly slots: number;
  private readonly proof: Int32Array;
  private readonly flags: Uint8Array;

  /** @param slots a power of two, at least twice the words */
  constructor(packed: string, slots: number) {
    this.slots = slots;
    this.proof = new Int32Array(slots);
    this.flags = new Uint8Array(slots);
    const flagOf = flagsBySign();
    /** Hashes of the word so far, by how many of its characters they hold. */
    const places = new Int32Array(MAX_WORD + 1).fill(SEED_PLACE);
    const proofs = new Int32Array(MAX_WORD + 1).fill(SEED_PROOF);
    for (let i = 0; i < packed.length; i++) {
      const digit = packed.charCodeAt(i++);
      let length = digit < 0x3a ? digit - 0x30 : digit - 0x57;
      for (; flagOf[packed.charCodeAt(i)] === -1; i++, length++) {
        const unit = packed.charCodeAt(i);
        places[length + 1] = stepPlace(places[length]!, unit);
        proofs[length + 1] = stepProof(proofs[length]!, unit);
      }
      let slot = this.slotOf(places[length]!);
      while (this.flags[slot] !== 0) slot = (slot + 1) & (this.slots - 1);
      this.proof[slot] = proofs[length]!;
      this.flags[slot] = flagOf[packed.charCodeAt(i)]!;
    }
  }

  /** Flags of [start, end) of a text, which is not cut for it; 0 when the word is not in the list. */
  get(text: string, start: number, end: number): number {
    let place = SEED_PLACE;
    let proof = SEED_PROOF;
    for (let i = start; i < end; i++) {
      const unit = text.charCodeAt(i);
      place = stepPlace(place, unit);
      proof = stepProof(proof, unit);
    }
    for (let slot = this.slotOf(place); this.flags[slot] !== 0; slot = (slot + 1) & (this.slots - 1))
      if (this.proof[slot] === proof) return this.flags[slot]!;
    return 0;
  }

  private slotOf(place: number): number {
    return (place ^ (place >>> 15)) & (this.slots - 1);
  }
}

/** The longest word that a list may hold. */
export const MAX_WORD = 64;
const SEED_PLACE = 0x811c9dc5 | 0;
const SEED_PROOF = 0x2545f491;
/** FNV-1a, and a multiply and rotate of another kind. */
const stepPlace = (hash: number, unit: number): number => Math.imul(hash ^ unit, 0x01000193);
const stepProof = (hash: number, unit: number): number => {
  const mixed = Math.imul(hash + unit + 1, 0x85ebca6b);
  return (mixed << 13) | (mixed >>> 19);
};

let names: WordTable | undefined;
let places: WordTable | undefined;

/** Flags of a folded word; 0 when nothing is known of it. */
export const nameFlags = (word: string): number => nameFlagsIn(word, 0, word.length);

/** Flags of [start, end) of a text that is folded there. */
export function nameFlagsIn(text: string, start: number, end: number): number {
  names ??= new WordTable(NAME_LIST, 1 << 19);
  return names.get(text, start, end);
}

/** Whether the folded text names a town or country; several words stand with one blank between. */
export function isPlace(text: string): boolean {
  places ??= new WordTable(PLACE_LIST, 1 << 15);
  return places.get(text, 0, text.length) !== 0;
}

/** A word that says little by itself: it needs more than its spelling to be taken for a name. */
export const isCommonWord = (word: string): boolean => (nameFlags(word) & NAME_FLAGS.common) !== 0;
