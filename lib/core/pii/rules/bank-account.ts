/** IBAN (lengths by country, mod 97), BIC, routing and sort codes, account numbers beside bank words. */

import { hasContext, type RuleText } from '../context.ts';
import { TRIGGER } from '../triggers.ts';
import { mod97 } from './checksums.ts';
import { CHECKED, CONTEXT, clip, type Hit, type Rule } from './rule.ts';

/** Length by country, from the IBAN registry (SWIFT). */
const LENGTHS: Record<string, number> = {};
// biome-ignore format: a table
for (const [length, countries] of Object.entries({
  15: 'NO', 16: 'BE', 18: 'DK FI FO GL NL SD FK', 19: 'MK SI', 20: 'AT BA EE KZ LT LU XK MN', 21: 'CH HR LI LV', 22: 'BG BH CR DE GB GE IE ME RS VA',
  23: 'AE GI IL IQ TL OM SO', 24: 'AD CZ ES MD PK RO SA SE SK TN VG', 25: 'PT ST LY', 26: 'IS TR', 27: 'BI DJ FR GR IT MC MR SM',
  28: 'AL AZ BY CY DO GT HU LB NI PL SV', 29: 'BR EG PS QA UA', 30: 'JO KW MU YE', 31: 'MT SC', 33: 'RU', 32: 'LC',
}))
  for (const country of countries.split(' ')) LENGTHS[country] = Number(length);

const IBAN_START = /(?<![a-z0-9])([a-z]{2})\d{2}(?=[ -]?[a-z0-9])/gi;
const BIC = /(?<![A-Za-z0-9])[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])/g;
const BIC_WORDS = /\b(?:bic|swift)\b/i;
const IBAN_WORDS = /\b(?:iban|konto|account|bank)\b/i;
const ROUTING =
  /\b(?:routing|aba|rtn)\b(?: ?(?:transit|number|no\.?|code|#))*[ \t]{0,3}(?:is|=|:|#)?[ \t"']{0,3}(\d{9})(?!\d)/gi;
const SORT =
  /\bsort ?code\b(?: ?(?:number|no\.?|#))?[ \t]{0,3}(?:is|=|:)?[ \t"']{0,3}(\d{2}[- ]?\d{2}[- ]?\d{2})(?!\d)/gi;
const BLZ = /\b(?:blz|bankleitzahl)\b[ \t]{0,3}(?:ist|=|:)?[ \t]{0,3}(\d{3} ?\d{3} ?\d{2})(?!\d)/gi;
const ACCOUNT =
  /\b(?:bank account|account|acct|a\/c|konto(?:nummer|nr\.?)?|checking|savings|current account|compte|cuenta|conto|conta|rekening(?:nummer)?)\b(?: ?(?:number|num|no\.?|nr\.?|#))*[ \t]{0,3}(?:is|ist|=|:|#)?[ \t"']{0,3}(\d(?:[ -]?\d){5,17})(?![\d-])/gi;
const BANK_WORDS =
  /\b(?:bank|routing|sort ?code|iban|swift|bic|wire|transfer|deposit|blz|checking|savings|debit|überweis\w*|konto\w*|virement|transferencia|bonifico|payee|beneficiary|ach)\b/i;

export const bankAccountRule: Rule = {
  detector: 'rule:bank-account@1',
  triggers: TRIGGER.CLUSTER7 | TRIGGER.BANK,
  isKeyed: true,
  needs: (traits) => traits.cluster >= 6 || /bic|swift/.test(traits.lower),
  find(input) {
    return [...ibans(input), ...bics(input), ...labelled(input)];
  },
};

function ibans(input: RuleText): Hit[] {
  const hits: Hit[] = [];
  for (const match of input.text.matchAll(IBAN_START)) {
    const length = LENGTHS[match[1]!.toUpperCase()];
    if (length === undefined) continue;
    const end = take(input.text, match.index, length);
    if (end < 0) continue;
    const iban = input.text.slice(match.index, end).replace(/[ -]/g, '').toUpperCase();
    const isChecked = mod97(iban.slice(4) + iban.slice(0, 4)) === 1;
    const isNamed = hasContext(input, match.index, end, IBAN_WORDS);
    const score = 0.3 + (isChecked ? CHECKED : 0) + (isNamed ? CONTEXT : 0) + (isNamed && !isChecked ? 0.1 : 0);
    if (isChecked || isNamed)
      hits.push({ start: match.index, end, type: 'BANK_ACCOUNT', score: clip(score), subtype: 'iban' });
  }
  return hits;
}

/** Index behind `count` letters and digits, single blanks or dashes between them allowed; -1 when there are fewer or more. */
function take(text: string, start: number, count: number): number {
  let taken = 0;
  for (let i = start; i < text.length; i++) {
    if (/[A-Za-z0-9]/.test(text[i]!)) {
      taken++;
      if (taken === count) return /[A-Za-z0-9]/.test(text[i + 1] ?? '') ? -1 : i + 1;
    } else if (!/[ -]/.test(text[i]!) || !/[A-Za-z0-9]/.test(text[i - 1]!)) return -1;
  }
  return -1;
}

function bics(input: RuleText): Hit[] {
  if (!BIC_WORDS.test(input.text) && !BIC_WORDS.test(input.key)) return [];
  const hits: Hit[] = [];
  for (const match of input.text.matchAll(BIC)) {
    const end = match.index + match[0].length;
    const near = input.text.slice(Math.max(0, match.index - 20), match.index);
    if (BIC_WORDS.test(near) || BIC_WORDS.test(input.key))
      hits.push({ start: match.index, end, type: 'BANK_ACCOUNT', score: 0.7, subtype: 'bic' });
  }
  return hits;
}

function labelled(input: RuleText): Hit[] {
  const hits: Hit[] = [];
  const add = (match: RegExpMatchArray, score: number, subtype: string) => {
    const end = match.index! + match[0].length;
    hits.push({ start: end - match[1]!.length, end, type: 'BANK_ACCOUNT', score, subtype });
  };
  for (const match of input.text.matchAll(ROUTING)) add(match, isRouting(match[1]!) ? 0.9 : 0.6, 'routing');
  for (const match of input.text.matchAll(SORT)) add(match, 0.8, 'sort-code');
  for (const match of input.text.matchAll(BLZ)) add(match, 0.8, 'bank-code');
  for (const match of input.text.matchAll(ACCOUNT)) {
    const isBank =
      hasContext(input, match.index, match.index + match[0].length, BANK_WORDS) || BANK_WORDS.test(match[0]);
    if (isBank) add(match, 0.7, 'account');
  }
  return hits;
}

/** ABA: 3, 7, 1 repeated, mod 10. */
function isRouting(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += Number(digits[i]) * [3, 7, 1][i % 3]!;
  return sum % 10 === 0 && sum > 0;
}
