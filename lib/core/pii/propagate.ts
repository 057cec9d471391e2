/**
 * An accepted value is masked wherever the trajectory holds it: folded, at word borders, in every leaf, key and view.
 * Parts of a name follow the full name. Short values and names that are words ("Will", "Rose") are taken only where a
 * capital or a sentence says so.
 */
import { buildAutomaton } from './automaton.ts';
import { type FoldedText, foldText, foldValue, isBorder, sourceRange, standsAlone } from './fold-text.ts';
import { type Entity, handlesOf } from './link.ts';
import { isCommonWord } from './names/gazetteer.ts';
import { nameWords, normaliseValue } from './normalise-value.ts';
import type { Tier } from './span.ts';
import type { PiiType } from './taxonomy.ts';

/** UTF-16 offsets, half open. */
export type PropagatedHit = { start: number; end: number; type: PiiType; tier: Tier; subtype: 'value' | 'part' };
export type Propagator = { needles: number; search(text: string, folded?: FoldedText): PropagatedHit[] };

type Needle = { folded: string; type: PiiType; part: boolean; careful: boolean; anywhere: boolean };

const MIN_LENGTH = 4;
const MIN_PART = 3;
/** Long enough that chance does not explain an occurrence inside a longer run of letters. */
const ANYWHERE_FROM = 8;
const ANYWHERE = new Set<PiiType>(['SECRET', 'BLOB', 'EMAIL', 'CRYPTO_WALLET', 'BANK_ACCOUNT']);

/**
 * @param searched needles that were searched before are left out; those of this call are added
 * @param local values that must not be carried to other places
 */
export function buildPropagator(
  entities: readonly Entity[],
  searched: Set<string> = new Set(),
  local: ReadonlySet<string> = new Set(),
): Propagator {
  const needles = new Map<string, Needle>();
  const add = (folded: string, type: PiiType, part: boolean): void => {
    if (folded === '' || !/[\p{L}\p{N}]/u.test(folded)) return;
    const known = needles.get(folded);
    if (known !== undefined && (!known.part || part)) return;
    if (searched.has(`v:${folded}`) || (part && searched.has(`p:${folded}`))) return;
    const single = !/[^\p{L}\p{M}\p{N}]/u.test(folded);
    if (/^\p{N}+$/u.test(folded) && folded.length < MIN_LENGTH) return;
    const careful = single && !/\p{N}/u.test(folded) && (folded.length < MIN_LENGTH || isCommonWord(folded));
    const anywhere = !part && folded.length >= ANYWHERE_FROM && ANYWHERE.has(type);
    needles.set(folded, { folded, type, part, careful, anywhere });
  };
  for (const entity of entities)
    for (const value of entity.values) {
      if (local.has(value)) continue;
      add(foldValue(value), entity.type, false);
      const normalised = normaliseValue(entity.type, value);
      if (entity.type === 'PHONE' && normalised.length >= 7) add(normalised, entity.type, false);
      if (entity.type === 'EMAIL' || entity.type === 'PERSON' || entity.type === 'USERNAME')
        add(normalised, entity.type, false);
    }
  for (const entity of entities)
    if (entity.type === 'PERSON' && !entity.values.every((value) => local.has(value)))
      for (const form of formsOf(entity)) add(form, 'PERSON', true);

  const list = [...needles.values()];
  for (const needle of list) searched.add(`${needle.part ? 'p' : 'v'}:${needle.folded}`);
  const automaton = buildAutomaton(list.map((needle) => needle.folded));
  const search = (text: string, folded: FoldedText = foldText(text)): PropagatedHit[] => {
    if (list.length === 0) return [];
    const hits: PropagatedHit[] = [];
    automaton.scan(folded.text, (pattern, end) => {
      const needle = list[pattern]!;
      const start = end - needle.folded.length;
      if (!needle.anywhere && !standsAlone(folded.text, start, end) && !isInflected(folded.text, start, end, needle))
        return;
      const [from, to] = sourceRange(folded, start, end, text);
      const tier = needle.careful ? carefulTier(text, from, to) : 'auto';
      if (tier === undefined) return;
      hits.push({ start: from, end: to, type: needle.type, tier, subtype: needle.part ? 'part' : 'value' });
    });
    return hits;
  };
  return { needles: list.length, search };
}

/** Words of a full name by themselves, and the name as handles and links spell it. */
function formsOf(person: Entity): string[] {
  const words = nameWords(person.normalised);
  if (words.length < 2) return [];
  const first = words[0]!;
  const last = words.at(-1)!;
  const parts = [first, last].filter((word) => word.length >= MIN_PART);
  const spelled = ['.', '_', '-', '+'].flatMap((sign) => [
    first + sign + last,
    `${first[0]}${sign}${last}`,
    last + sign + first,
  ]);
  const joined = handlesOf(words).filter((handle) => handle !== first && handle !== last);
  return [
    ...parts,
    ...(first.length > 1 && last.length > 1 ? [...spelled, ...joined, `${last}, ${first}`, `${last} ${first}`] : []),
  ];
}

/** Genitive and plural of a name: "Quists order", "Maras Konto". */
function isInflected(text: string, start: number, end: number, needle: Needle): boolean {
  return (
    needle.type === 'PERSON' && !needle.careful && text[end] === 's' && isBorder(text, start) && isBorder(text, end + 1)
  );
}

/** Lower case: the word, not the name. A capital mid-sentence: the name. At its start: perhaps. */
function carefulTier(text: string, start: number, end: number): Tier | undefined {
  const first = text.slice(start, end).match(/\p{L}/u)?.[0] ?? '';
  if (first.toLowerCase() !== first.toUpperCase() && first === first.toLowerCase()) return undefined;
  if (text.slice(start, end).length > 1 && /^\p{Lu}+$/u.test(text.slice(start, end))) return 'suggest';
  let i = start - 1;
  while (i >= 0 && ' \t"\'“‘(*_'.includes(text[i]!)) i--;
  return i < 0 || '.!?:;\n\r•|>-–—'.includes(text[i]!) ? 'suggest' : 'auto';
}
