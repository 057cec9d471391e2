/** Ages of people: "35 years old", "aged 35", "a 35-year-old", "I'm 26", "just turned 55", "35 y/o". */
import type { Hit, Rule } from './rule.ts';

const N = String.raw`(\d{1,3})`;
// biome-ignore format: one pattern a line
const PATTERNS: readonly (readonly [RegExp, number])[] = [
  [new RegExp(String.raw`(?<![\d.,$€£])${N}[- ]?(?:years?|yrs?|jahre?|ans|años|anni|anos|jaar)[- ]?(?:of[- ]age|old|alt|oud|y/o)(?![\p{L}])`, 'giu'), 0.85],
  [new RegExp(String.raw`(?<![\d.,$€£])${N} ?(?:y/?o|yo)(?![\p{L}\d])`, 'giu'), 0.75],
  [new RegExp(String.raw`\b(?:aged?|alter|âge|edad|età|idade|leeftijd)(?: (?:is|of|was|ist|von))?[ \t]{0,2}[:=]?[ \t"']{0,2}${N}(?![\d.,]\d|[\d%]|[ -]?(?:hours?|days?|minutes?|seconds?|ms|weeks?|months?|group))`, 'giu'), 0.75],
  [new RegExp(String.raw`\b(?:I[’' ]?a?m|i'm|he[’' ]i?s|she[’' ]i?s|they[’' ]a?re|(?:he|she|who|i) was|just turned|turned|turning|turns|(?:ich|er|sie) (?:bin|ist|war)) (?:now |only |almost |about |already |just )?${N}(?= ?(?:$|[.,;!?)\n]|and\b|y/o|now\b|today\b|this\b|years|but\b|with\b|when\b|from\b|last\b|next\b|in (?:january|february|march|april|may|june|july|august|september|october|november|december)|jahre\b))`, 'giu'), 0.7],
  [new RegExp(String.raw`\b(?:this|an?|the) ${N}[- ]years?[- ]olds?\b`, 'giu'), 0.85],
  [new RegExp(String.raw`\bhabe? ${N} ans\b|\btengo ${N} años\b|\bho ${N} anni\b|\bj[’']ai ${N} ans\b|\btenho ${N} anos\b`, 'giu'), 0.8],
];
const NOT_PEOPLE =
  /\b(?:house|building|car|company|bug|code|version|whisky|whiskey|scotch|wine|tree|computer|laptop|project|repo\w*|file|cache|session|issue)\b/i;

export const ageRule: Rule = {
  detector: 'rule:age@1',
  find({ text }) {
    if (!/\d/.test(text)) return [];
    const hits: Hit[] = [];
    for (const [pattern, score] of PATTERNS)
      for (const match of text.matchAll(pattern)) {
        const value = match.slice(1).find((group) => group !== undefined)!;
        if (Number(value) < 1 || Number(value) > 120) continue;
        const start = match.index + match[0].indexOf(value);
        const isThing = NOT_PEOPLE.test(text.slice(start, start + 40));
        if (!isThing) hits.push({ start, end: start + value.length, type: 'AGE', score });
      }
    return hits;
  },
};
