/** Ages of people: "35 years old", "aged 35", "a 35-year-old", "I'm 26", "just turned 55", "35 y/o". */
import { TRIGGER } from '../triggers.ts';
import type { Hit, Rule } from './rule.ts';

/** Numbers that may be an age; what stands around each decides. */
const NUMBER = /(?<![\d.,$€£#:/-])\d{1,3}(?![\d%:]|[.,–-]\d)/g;
const BEHIND =
  /^(?:[- ]?(?:years?|yrs?|jahre?|ans|años|anni|anos|jaar)[- ]?(?:of[- ]age|olds?|alt|oud|y\/o)(?!\p{L})| ?(?:y\/?o|yo)(?![\p{L}\d]))/iu;
const LABEL_BEFORE =
  /(?<!\p{L})(?:aged?|alter|âge|edad|età|idade|leeftijd)(?: (?:is|of|was|ist|von))?[ \t]{0,2}[:=]?[ \t"']{0,2}$/iu;
const NO_AGE_BEHIND = /^[ -]?(?:hours?|days?|minutes?|seconds?|ms|weeks?|months?|group)/i;
const BE_BEFORE =
  /(?<!\p{L})(?:I[’' ]?a?m|he[’' ]i?s|she[’' ]i?s|they[’' ]a?re|(?:he|she|who|i) was|just turned|turned|turning|turns|(?:ich|er|sie) (?:bin|ist|war)) (?:now |only |almost |about |already |just )?$/iu;
const END_BEHIND =
  /^ ?(?:$|[.,;!?)\n]|(?:and|now|today|this|years|but|with|when|from|last|next|jahre|in (?:january|february|march|april|may|june|july|august|september|october|november|december))\b)/i;
const HAVE_BEFORE = /(?<!\p{L})(?:habe?|tengo|ho|j[’']ai|tenho) $/iu;
const HAVE_BEHIND = /^ (?:ans|años|anni|anos)(?!\p{L})/iu;
const NOT_PEOPLE =
  /\b(?:house|building|car|company|bug|code|version|whisky|whiskey|scotch|wine|tree|computer|laptop|project|repo\w*|file|cache|session|issue)\b/i;

export const ageRule: Rule = {
  detector: 'rule:age@1',
  triggers: TRIGGER.DIGIT,
  needs: (traits) => traits.digits >= 1,
  find({ text }) {
    const hits: Hit[] = [];
    for (const match of text.matchAll(NUMBER)) {
      if (Number(match[0]) < 1 || Number(match[0]) > 120) continue;
      const end = match.index + match[0].length;
      const score = scoreOf(text.slice(Math.max(0, match.index - 36), match.index), text.slice(end, end + 24));
      if (score > 0 && !NOT_PEOPLE.test(text.slice(end, end + 36)))
        hits.push({ start: match.index, end, type: 'AGE', score });
    }
    return hits;
  },
};

function scoreOf(before: string, behind: string): number {
  if (BEHIND.test(behind)) return 0.8;
  if (LABEL_BEFORE.test(before) && !NO_AGE_BEHIND.test(behind)) return 0.75;
  if (HAVE_BEFORE.test(before) && HAVE_BEHIND.test(behind)) return 0.8;
  return BE_BEFORE.test(before) && END_BEHIND.test(behind) ? 0.7 : 0;
}
