/** Words near a value, or in the key that it stands under, which say what it is. */
import type { Leaf, ViewId } from './span.ts';
import { PLACEHOLDER } from './taxonomy.ts';
import { type Traits, traitsOf } from './traits.ts';

/** Context counts within this many characters before and behind a value. */
export const CONTEXT_REACH = 50;

/** What a rule reads: one view of a leaf. Own placeholders are blanked out (`blankPlaceholders`). */
export type RuleText = {
  text: string;
  view: ViewId;
  kind: Leaf['kind'];
  /** The nearest key in lower-case words: 'phone number' for `phoneNumber`, `phone_number`; '' when there is none. */
  key: string;
  traits: Traits;
};

/** @param key in words, see `wordsOf` */
export const ruleText = (text: string, key = '', kind: Leaf['kind'] = 'string', view: ViewId = 'source'): RuleText => ({
  text,
  view,
  kind,
  key,
  traits: traitsOf(text),
});

/** `homePhoneNo`, `home_phone-no`, `HOME.PHONE` -> 'home phone no'. */
export function wordsOf(key: string): string {
  if (key === '' || key.length > 200) return '';
  // a key that was a value says nothing: `[PHONE_1]` is no phone field
  return (key.includes('[') ? key.replace(PLACEHOLDER, ' ') : key)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim()
    .toLowerCase();
}

/** Whether a word stands near [start, end) or in the key. The pattern must be without the `g` flag. */
export function hasContext(input: RuleText, start: number, end: number, words: RegExp): boolean {
  if (input.key !== '' && words.test(input.key)) return true;
  return words.test(before(input, start)) || words.test(input.text.slice(end, end + CONTEXT_REACH));
}

export const before = (input: RuleText, start: number, reach = CONTEXT_REACH): string =>
  input.text.slice(Math.max(0, start - reach), start);

/**
 * Characters between the last of these words and `start`; 0 when the key holds one and nothing stands before; Infinity
 * when there is none. The pattern must have the `g` flag.
 */
export function distanceBefore(input: RuleText, start: number, words: RegExp): number {
  const text = before(input, start);
  let found = Number.POSITIVE_INFINITY;
  for (const match of text.matchAll(words)) found = text.length - match.index - match[0].length;
  if (found === Number.POSITIVE_INFINITY && input.key !== '' && input.key.search(words) >= 0) return CONTEXT_REACH;
  return found;
}

/** A character that no rule takes for a part of a value or for a blank. */
const FILLER = '\ue000';

/** The text with `[EMAIL_1]` and the like blanked, at the same length: what is masked is neither masked nor read again. */
export function blankPlaceholders(text: string, placeholder: RegExp): string {
  return text.includes('[') ? text.replace(placeholder, (whole) => FILLER.repeat(whole.length)) : text;
}
