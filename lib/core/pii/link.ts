/**
 * Which values of a trajectory mean one entity. Same value: always. Names: a unique first name, surname or initial form
 * belongs to the full name; with two possible owners it stays by itself and is marked. A mailbox, handle or link that
 * spells a name is another entity *of* that person.
 */
import { nameWords, normaliseValue } from './normalise-value.ts';
import type { Span } from './span.ts';
import { classOf, PII_TYPE_NAMES, type PiiType } from './taxonomy.ts';

/** One value as it was found, all its spans taken together. */
export type Mention = { type: PiiType; value: string; score: number; checked?: boolean; count: number };

export type Entity = {
  type: PiiType;
  /** Normalised form of the fullest value: what the keyed index is made of. */
  normalised: string;
  /** As written, fullest first. */
  values: string[];
  /** The person that this mailbox, handle or link belongs to. */
  of?: Entity;
  /** Two or more entities could own this value: a person decides. */
  ambiguous?: true;
};

export type EntityGraph = {
  entities: Entity[];
  /** The entity of a value that was found as `type`; undefined when it was no mention. */
  entityOf(type: PiiType, value: string): Entity | undefined;
};

const CLASS_RANK = { secret: 2, direct: 1, quasi: 0 } as const;
/** Letters and digits only: what makes one value of "+44 20 7946 0139" and 442079460139. */
const bareForm = (normalised: string): string => normalised.replaceAll(/[^\p{L}\p{N}]/gu, '') || normalised;
/** Types in whose values signs tell one from another: dots of a mailbox, a link's slashes. */
const SIGNS_COUNT = new Set<PiiType>(['EMAIL', 'URL', 'SECRET', 'BLOB', 'IP', 'GEO', 'DATE', 'CRYPTO_WALLET']);
const sameness = (type: PiiType, value: string): string => {
  const normalised = normaliseValue(type, value);
  return SIGNS_COUNT.has(type) ? normalised : bareForm(normalised);
};

type Group = { type: PiiType; normalised: string; mentions: Mention[]; into?: Group; ambiguous?: true };
const rootOf = (group: Group): Group => {
  let root = group;
  while (root.into !== undefined) root = root.into;
  return root;
};

export function linkMentions(mentions: readonly Mention[]): EntityGraph {
  const byBare = new Map<string, Mention[]>();
  for (const mention of mentions) {
    const bare = sameness(mention.type, mention.value);
    const same = byBare.get(bare);
    if (same === undefined) byBare.set(bare, [mention]);
    else same.push(mention);
  }
  const groups = new Map<string, Group>();
  for (const [bare, same] of byBare) {
    const strongest = same.reduce((best, mention) => (outranks(mention, best) ? mention : best));
    groups.set(bare, {
      type: strongest.type,
      normalised: normaliseValue(strongest.type, strongest.value),
      mentions: same,
    });
  }
  const people = [...groups.values()].filter((group) => group.type === 'PERSON');
  joinNames(people);
  joinSurnames(
    people,
    [...groups.values()].filter((group) => group.type === 'LOCATION' || group.type === 'ORG'),
  );
  joinHandles(people);
  joinPhones([...groups.values()].filter((group) => group.type === 'PHONE'));

  const entities = new Map<Group, Entity>();
  for (const group of groups.values()) {
    const root = rootOf(group);
    const entity = entities.get(root) ?? { type: root.type, normalised: root.normalised, values: [] };
    entities.set(root, entity);
    if (group.ambiguous) entity.ambiguous = true;
    entity.values.push(...group.mentions.map((mention) => mention.value));
  }
  const all = [...entities.values()];
  for (const entity of all)
    entity.values = [...new Set(entity.values)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  attachToPeople(all);
  return {
    entities: all,
    entityOf(type, value) {
      const group = groups.get(sameness(type, value));
      return group && entities.get(rootOf(group));
    },
  };
}

/** One type for one value: higher class, checksum, score, count, then the order of the taxonomy. */
function outranks(a: Mention, b: Mention): boolean {
  const byClass = CLASS_RANK[classOf(a.type)] - CLASS_RANK[classOf(b.type)];
  if (byClass !== 0) return byClass > 0;
  if (Boolean(a.checked) !== Boolean(b.checked)) return a.checked === true;
  if (a.score !== b.score) return a.score > b.score;
  if (a.count !== b.count) return a.count > b.count;
  const order = PII_TYPE_NAMES.indexOf(a.type) - PII_TYPE_NAMES.indexOf(b.type);
  return order !== 0 ? order < 0 : a.value < b.value;
}

/** Shorter forms go into the one fuller name that has all their words (an initial stands for a word). */
function joinNames(groups: readonly Group[]): void {
  const withWords = groups.map((group) => ({ group, words: nameWords(group.normalised) }));
  withWords.sort((a, b) => b.words.length - a.words.length || b.group.normalised.length - a.group.normalised.length);
  const byWord = new Map<string, number[]>();
  for (const [index, { words }] of withWords.entries())
    for (const word of new Set(words.flatMap((word) => [word, word[0]!, `${word}s`]))) {
      const list = byWord.get(word);
      if (list === undefined) byWord.set(word, [index]);
      else list.push(index);
    }
  for (const [index, { group, words }] of withWords.entries()) {
    const rarest = words.reduce(
      (best, word) => (listOf(byWord, word).length < listOf(byWord, best).length ? word : best),
      words[0] ?? '',
    );
    const owners = new Set<Group>();
    for (const at of listOf(byWord, rarest)) {
      if (at >= index) break;
      const fuller = withWords[at]!;
      if (isShortOf(words, fuller.words)) owners.add(rootOf(fuller.group));
    }
    if (owners.size === 1) group.into = [...owners][0]!;
    else if (owners.size > 1) group.ambiguous = true;
  }
}
const listOf = (lists: ReadonlyMap<string, number[]>, word: string): number[] => lists.get(word) ?? [];

/** A single word that was taken for a place or a firm is the person whose name it is a part of, when there is one. */
function joinSurnames(people: readonly Group[], others: readonly Group[]): void {
  const owners = new Map<string, Set<Group>>();
  for (const person of people) {
    const words = nameWords(person.normalised);
    if (words.length < 2) continue;
    for (const word of [words[0]!, words.at(-1)!])
      owners.set(word, (owners.get(word) ?? new Set()).add(rootOf(person)));
  }
  if (owners.size === 0) return;
  for (const group of others) {
    const own = owners.get(group.normalised);
    if (own?.size === 1) group.into = [...own][0]!;
  }
}

/** A name that is written as one word, "mquist", goes to the one full name that it spells. */
function joinHandles(groups: readonly Group[]): void {
  const owners = new Map<string, Set<Group>>();
  for (const group of groups) {
    const words = nameWords(group.normalised);
    if (words.length < 2) continue;
    for (const handle of handlesOf(words)) {
      const own = owners.get(handle) ?? new Set();
      owners.set(handle, own.add(rootOf(group)));
    }
  }
  for (const group of groups) {
    if (group.into !== undefined || group.ambiguous || nameWords(group.normalised).length > 1) continue;
    const own = [...(owners.get(bareForm(group.normalised)) ?? [])].filter((owner) => owner !== group);
    if (own.length === 1) group.into = own[0]!;
    else if (own.length > 1) group.ambiguous = true;
  }
}

/** 'mara' and 'm quist' are short of 'mara elisa quist'; words keep their order, and 'm' alone says nothing. */
function isShortOf(short: readonly string[], full: readonly string[]): boolean {
  if (full.length < 2 || short.length > full.length || (short.length === 1 && short[0]!.length < 2)) return false;
  if (short.length === full.length && short.every((word, i) => word === full[i])) return false;
  if (short.length === 1) return isForm(short[0]!, full[0]!) || isForm(short[0]!, full.at(-1)!);
  let at = 0;
  for (const word of short) {
    while (at < full.length && !matches(word, full[at]!)) at++;
    if (at === full.length) return false;
    at++;
  }
  return matches(short[0]!, full[0]!) && matches(short.at(-1)!, full.at(-1)!);
}
/** "Quist" or, without an apostrophe, "Quists". */
const isForm = (word: string, full: string): boolean =>
  word === full || (full.length > 3 && word.length === full.length + 1 && word === `${full}s`);
const matches = (word: string, full: string): boolean => word === full || (word.length === 1 && full.startsWith(word));

/** A national form is the end of the international one: 020 7946 0139, +44 20 7946 0139. */
const MIN_NATIONAL_DIGITS = 8;
function joinPhones(groups: readonly Group[]): void {
  const longest = [...groups].sort(
    (a, b) => b.normalised.length - a.normalised.length || (a.normalised < b.normalised ? -1 : 1),
  );
  for (const group of longest) {
    const national = group.normalised.replace(/^0/, '');
    if (national.length < MIN_NATIONAL_DIGITS) continue;
    const owners = longest.filter(
      (other) =>
        other !== group &&
        other.into === undefined &&
        other.normalised.length > national.length &&
        other.normalised.length - national.length <= 3 &&
        other.normalised.endsWith(national) &&
        !other.normalised.startsWith('0'),
    );
    if (owners.length === 1) group.into = owners[0]!;
  }
}

const BELONGS = new Set<PiiType>(['EMAIL', 'USERNAME', 'URL']);
/** Shorter spellings are chance. */
const MIN_HANDLE = 4;

function attachToPeople(entities: readonly Entity[]): void {
  const owners = new Map<string, Entity | 'several'>();
  for (const person of entities) {
    if (person.type !== 'PERSON') continue;
    for (const handle of handlesOf(nameWords(person.normalised))) {
      const other = owners.get(handle);
      owners.set(handle, other === undefined || other === person ? person : 'several');
    }
  }
  if (owners.size === 0) return;
  for (const entity of entities) {
    if (!BELONGS.has(entity.type)) continue;
    const found = new Set<Entity>();
    for (const handle of spellings(entity)) {
      const owner = owners.get(handle);
      if (owner === 'several') entity.ambiguous = true;
      else if (owner !== undefined) found.add(owner);
    }
    if (found.size === 1) entity.of = [...found][0]!;
    else if (found.size > 1) entity.ambiguous = true;
  }
}

/** 'mara quist': maraquist, mquist, quistm, maraq, quistmara, and each word by itself. Letters only. */
export function handlesOf(words: readonly string[]): string[] {
  const clean = words.map((word) => word.replaceAll(/[^\p{L}\p{N}]/gu, '')).filter((word) => word !== '');
  if (clean.length === 0) return [];
  const first = clean[0]!;
  const last = clean.at(-1)!;
  const handles =
    clean.length === 1
      ? [first]
      : [first + last, first[0]! + last, last + first[0]!, first + last[0]!, last + first, first, last, clean.join('')];
  return [...new Set(handles)].filter((handle) => handle.length >= MIN_HANDLE);
}

/** The parts of a mailbox, handle or link that could spell a name, letters only. */
function spellings(entity: Entity): string[] {
  const local = entity.type === 'EMAIL' ? entity.normalised.split('@')[0]! : entity.normalised;
  const parts = entity.type === 'URL' ? local.split(/[/?&#=@]+/) : [local];
  return parts.map((part) => part.replaceAll(/[^\p{L}]/gu, '')).filter((part) => part.length >= MIN_HANDLE);
}

/** All spans of one value as one mention. */
export function mentionsOf(
  found: Iterable<{ span: Pick<Span, 'type' | 'score' | 'checked'>; value: string }>,
): Mention[] {
  const mentions = new Map<string, Mention>();
  for (const { span, value } of found) {
    const key = `${span.type}\0${value}`;
    const mention = mentions.get(key);
    if (mention === undefined)
      mentions.set(key, { type: span.type, value, score: span.score, checked: span.checked === true, count: 1 });
    else {
      mention.count++;
      mention.score = Math.max(mention.score, span.score);
      mention.checked ||= span.checked === true;
    }
  }
  return [...mentions.values()];
}
