/**
 * The name detector as one of the rules, so that it reads every view: what the tagger names, and what the rules are sure
 * of by themselves (a key, a title, a full name with a cue). A sign that the tagger doesn't share is a suggestion.
 */

import { foldValue } from '../fold-text.ts';
import type { Hit, Rule } from '../rules/rule.ts';
import { lastFrom } from '../sorted.ts';
import { mayHold } from '../tagger/features.ts';
import { readWords, type Tagged, tagWords, trainedModel } from '../tagger/tag-names.ts';
import { SCALE, TAGGER_VERSION } from '../tagger/weights.ts';
import { LABEL_WORDS } from './cues.ts';
import { findNames } from './find-names.ts';
import { isPlace, NAME_FLAGS, nameFlags } from './gazetteer.ts';
import { tokensOf } from './tokens.ts';

/** Bias on `O`, in units of the model: for `auto`, for `auto` in a text without capitals, for `suggest`. */
const AUTO = -3;
const AUTO_LOWER = 2;
const SUGGEST = -12;
/** What the rules find from here on stands by itself. */
const SURE = 0.8;
/** Weaker signs than this, which the tagger doesn't share, are dropped. */
const WEAK = 0.3;
/** Of what a text without capitals holds, and of longer runs, that much is asked. */
const WEAK_RUN = 0.45;
const TAGGER = `tagger@${TAGGER_VERSION}`;

export const nameRule: Rule = {
  detector: 'names@2',
  besides: TAGGER,
  needs: (traits) => traits.longest >= 2,
  find({ text, key, kind }) {
    if (kind === 'number' || (kind === 'key' && !/[\s,]/.test(text))) return [];
    const tokens = tokensOf(text);
    if (tokens.length === 0) return [];
    const ruled = findNames(text, kind === 'key' ? '' : key, tokens);
    if (ruled.length === 0 && !mayHold(tokens)) return [];
    const read = readWords(text, tokens, ruled);
    if (read.runs.length === 0) return ruled;
    const biases = [read.words.casing === 1 ? AUTO_LOWER : AUTO, SUGGEST].map((bias) => bias * SCALE);
    const [auto, suggest] = tagWords(text, read, trainedModel(), biases) as [Tagged[], Tagged[]];
    const hits: Hit[] = [];
    for (const name of auto)
      hits.push({ ...name, score: SCORES[name.type], subtype: SUBTYPES[name.type], detector: TAGGER });
    for (const name of suggest)
      if ((auto[lastFrom(auto, name.start)]?.end ?? -1) < name.end)
        hits.push({ ...name, score: 0.45, subtype: SUBTYPES[name.type], detector: TAGGER });
    for (const hit of ruled) {
      const isShared = (auto[lastFrom(auto, hit.end - 1)]?.end ?? -1) > hit.start;
      if (hit.score >= SURE || isShared) hits.push(hit);
      else if (hit.score >= (isOneWord(text, hit) ? WEAK : WEAK_RUN))
        hits.push({ ...hit, score: Math.min(hit.score, 0.55) });
    }
    hits.push(...swapped(text));
    return hits.filter(({ start, end }) => !isLabel(text.slice(start, end)));
  },
};

/** A cell that holds a surname, a comma and a given name: `"Quist, Mara"`, `| Quist, Mara |`. */
const SWAPPED =
  /(?<=^|["|;\t\n] ?)\p{Lu}[\p{L}'’-]{1,24}, (\p{Lu}[\p{L}'’-]{1,20})(?: \p{Lu}\.?)?(?=["|;\t\n]| \||$)/gu;

function swapped(text: string): Hit[] {
  if (!text.includes(', ')) return [];
  return [...text.matchAll(SWAPPED)].flatMap((match) =>
    (nameFlags(foldValue(match[1]!)) & NAME_FLAGS.first) === 0 || isPlace(foldValue(match[0]))
      ? []
      : [{ start: match.index, end: match.index + match[0].length, type: 'PERSON', score: 0.65, subtype: 'name' }],
  );
}

const isLabel = (name: string): boolean =>
  name.length < 24 && name.split(/[^\p{L}]+/u).every((word) => word === '' || LABEL_WORDS.has(word.toLowerCase()));

const isOneWord = (text: string, { start, end }: { start: number; end: number }): boolean =>
  !text.slice(start, end).includes(' ');

const SCORES = { PERSON: 0.8, LOCATION: 0.7, ORG: 0.65 } as const;
const SUBTYPES = { PERSON: 'name', LOCATION: 'place', ORG: 'organisation' } as const;
