/**
 * Patterns that people write for their own numbers and codes. They run on RE2, whose time is linear in the text whatever
 * the pattern, so none can hold up an import; what RE2 lacks (look-around, back references) is refused.
 */
import { RE2JS } from 're2js';
import type { Dictionary, DictionaryHit } from './dictionary.ts';
import type { FoldedText } from './fold-text.ts';
import type { PiiType } from './taxonomy.ts';

export type PatternEntry = { id: string; value: string; type: PiiType };
export type PatternFault = 'syntax' | 'matches_nothing' | 'too_short';

/** A pattern that finds less than this somewhere would cut words apart. */
const FEWEST_CHARACTERS = 3;
const PROBES = ['', 'a', '1', 'ab', '12', 'a1', '-', '  '];

/** @returns why it can't be used; null when it can */
export function patternFault(source: string): PatternFault | null {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source);
  } catch {
    return 'syntax';
  }
  if (compiled.matcher('').find()) return 'matches_nothing';
  return PROBES.some((probe) => [...probe].length < FEWEST_CHARACTERS && compiled.matcher(probe).find())
    ? 'too_short'
    : null;
}

type Compiled = { entry: PatternEntry; regex: RE2JS };

function hitsOf({ entry, regex }: Compiled, text: string): DictionaryHit[] {
  const hits: DictionaryHit[] = [];
  const matcher = regex.matcher(text);
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    if (end > start) hits.push({ entryId: entry.id, type: entry.type, start, end });
  }
  return hits;
}

/** The dictionary with patterns beside its terms; entries whose pattern no longer compiles are left out. */
export function withPatterns(dictionary: Dictionary, entries: readonly PatternEntry[]): Dictionary {
  const compiled = entries
    .filter((entry) => patternFault(entry.value) === null)
    .map((entry): Compiled => ({ entry, regex: RE2JS.compile(entry.value) }));
  if (compiled.length === 0) return dictionary;
  return {
    version: dictionary.version,
    entries: dictionary.entries + compiled.length,
    search: (text: string, folded?: FoldedText) => [
      ...dictionary.search(text, folded),
      ...compiled.flatMap((one) => hitsOf(one, text)),
    ],
  };
}

const QUOTED = /[\\^$.*+?()[\]{}|/]/g;

/**
 * A pattern from the shape of one value: its leading letters as they are, digits by their number.
 * @returns null for values whose shape says nothing: words, and numbers without a mark of their own
 */
export function shapeOf(value: string): string | null {
  const digits = value.replaceAll(/[^0-9]/g, '').length;
  const lead = /^[A-Za-z]{1,6}/.exec(value)?.[0] ?? '';
  if (digits < 4 || lead === '' || [...value].length > 40 || /\s/.test(value)) return null;
  const rest = value.slice(lead.length).replaceAll(/[0-9]+|[A-Z]+|[a-z]+|[^0-9A-Za-z]+/g, (run) => {
    if (/[0-9]/.test(run)) return `[0-9]{${run.length}}`;
    if (/[A-Z]/.test(run)) return `[A-Z]{${run.length}}`;
    if (/[a-z]/.test(run)) return `[a-z]{${run.length}}`;
    return run.replaceAll(QUOTED, '\\$&');
  });
  return `\\b${lead}${rest}\\b`;
}
