/**
 * A project's own words: staff, customers, code names, hosts, products. One automaton over all entries and aliases,
 * folded; the match mode is checked on each hit. A dictionary is itself confidential: values never leave in a span.
 */
import { buildAutomaton } from './automaton.ts';
import { type FoldedText, foldText, foldValue, sourceRange, standsAlone } from './fold-text.ts';
import { offsetsOf } from './offsets.ts';
import type { Leaf, Span } from './span.ts';
import type { PiiType } from './taxonomy.ts';

/**
 * `exact`: letter by letter, anywhere · `folded`: case, accents, width and blanks aside, anywhere, also inside a
 * longer word · `word`: folded, and only where it stands alone.
 */
export type MatchMode = 'exact' | 'folded' | 'word';
export type DictionaryEntry = {
  id: string;
  value: string;
  type: PiiType;
  mode: MatchMode;
  aliases?: readonly string[];
};

/** UTF-16 offsets, half open, in the text that was searched. */
export type DictionaryHit = { entryId: string; type: PiiType; start: number; end: number };
export type Dictionary = {
  version: number;
  entries: number;
  /** `folded`: the text folded, when the caller has it already. */
  search(text: string, folded?: FoldedText): DictionaryHit[];
};

export function compileDictionary(entries: readonly DictionaryEntry[], version: number): Dictionary {
  const forms = entries.flatMap((entry) =>
    [entry.value, ...(entry.aliases ?? [])].map((form) => ({ entry, form, folded: foldValue(form) })),
  );
  const automaton = buildAutomaton(forms.map((form) => form.folded));

  const search = (text: string, folded: FoldedText = foldText(text)): DictionaryHit[] => {
    if (automaton.patterns === 0) return [];
    const hits: DictionaryHit[] = [];
    automaton.scan(folded.text, (pattern, end) => {
      const { entry, form, folded: needle } = forms[pattern]!;
      const start = end - needle.length;
      if (entry.mode === 'word' && !standsAlone(folded.text, start, end)) return;
      const [from, to] = sourceRange(folded, start, end, text);
      if (entry.mode === 'exact' && text.slice(from, to).normalize('NFC') !== form.trim().normalize('NFC')) return;
      hits.push({ entryId: entry.id, type: entry.type, start: from, end: to });
    });
    return hits;
  };
  return { version, entries: entries.length, search };
}

export const EMPTY_DICTIONARY: Dictionary = compileDictionary([], 0);

/** Hits in the text as it stands; other views are searched by `detect-leaf`. */
export function findDictionary(leaf: Leaf, dictionary: Dictionary): Span[] {
  const hits = dictionary.search(leaf.text);
  if (hits.length === 0) return [];
  const offsets = offsetsOf(leaf.text);
  return hits.map((hit) => ({
    start: offsets.toPoint(hit.start),
    end: offsets.toPoint(hit.end),
    type: hit.type,
    tier: 'auto',
    score: 1,
    detector: `dict:${dictionary.version}`,
    view: 'source',
    subtype: `entry:${hit.entryId}`,
  }));
}
