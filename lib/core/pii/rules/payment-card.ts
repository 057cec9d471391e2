/** Payment cards, whole (Luhn and the issuer's range) or partly shown; security codes beside them. */

import { distanceBefore, hasContext, type RuleText } from '../context.ts';
import { TRIGGER } from '../triggers.ts';
import { isLuhn, isTrivial } from './checksums.ts';
import { AGAINST, CHECKED, CONTEXT, clip, digitsOf, type Hit, type Rule } from './rule.ts';

const NUMBER = /(?<![\d.,+_\p{L}]|\d-)\d(?:[ \-\u00b7]{0,2}\d){11,18}(?![\d_]|[.,]\d|-\d)/gu;
const PARTLY =
  /(?<![\p{L}\d])(?:\d{4}[ -]?\d{0,2}[ -]?)?(?:[*xX•·●#]{2,4}[ -]?){2,4}\d{4}(?!\d)|(?<![\d*])[*•·●]{2,4}[ -]?\d{4}(?!\d)/gu;
const ENDING =
  /\b(?:ending(?: (?:in|with|on))?|ends (?:in|with)|last (?:4|four)(?: digits)?(?: (?:are|is|of))?|endet auf|finissant par|terminad[ao] en)[ :#]{0,3}(\d{4})(?!\d)/gi;
const CODE =
  /\b(?:cvv2?|cvc2?|cid|card (?:security|verification) (?:code|value|number)|security code)\b[ \t]{0,3}(?:is|=|:|#|->)?[ \t"']{0,3}(\d{3,4})(?!\d)/gi;
const WORDS =
  /\b(?:cards?|credit|debit|cc|visa|master ?card|maestro|amex|american express|diners|discover|jcb|payment|pan|kreditkarte|karte|carte|tarjeta|carta|cartão|creditcard)\b/i;
const OTHERS =
  /\b(?:order|ticket|tracking|parcel|invoice|sku|isbn|ean|upc|gtin|timestamp|epoch|nanos?|trace|span|commit|hash|version|imei|inventory|product|offset|seed|serial)\b/gi;
const CARD_WORDS = new RegExp(WORDS.source, 'gi');

/** Issuer ranges with the lengths they use. */
function isIssued(digits: string): boolean {
  const n = digits.length;
  const two = Number(digits.slice(0, 2));
  const four = Number(digits.slice(0, 4));
  if (digits[0] === '4') return n === 13 || n === 16 || n === 18 || n === 19;
  if (two >= 51 && two <= 55) return n === 16;
  if (four >= 2221 && four <= 2720) return n === 16;
  if (two === 34 || two === 37) return n === 15;
  if (two === 36 || two === 38 || two === 39 || (four >= 3000 && four <= 3059) || four === 3095)
    return n >= 14 && n <= 19;
  if (four >= 3528 && four <= 3589) return n >= 16;
  if (four === 2131 || four === 1800) return n === 15;
  if (four === 6011 || two === 64 || two === 65 || two === 62 || two === 60 || two === 81 || two === 82) return n >= 16;
  if (two === 50 || (two >= 56 && two <= 58) || two === 63 || two === 67) return n >= 12;
  if (four >= 2200 && four <= 2205) return n >= 16;
  return false;
}

export const paymentCardRule: Rule = {
  detector: 'rule:payment-card@1',
  triggers: TRIGGER.CLUSTER12 | TRIGGER.HIDDEN | TRIGGER.CARD,
  needs: (traits) => traits.digits >= 3,
  find(input) {
    return [...wholeNumbers(input), ...partlyShown(input), ...securityCodes(input)];
  },
};

function wholeNumbers(input: RuleText): Hit[] {
  const hits: Hit[] = [];
  for (const match of input.text.matchAll(NUMBER)) {
    const cut = cardIn(match[0]);
    const start = match.index + cut.start;
    const end = match.index + cut.end;
    const digits = digitsOf(match[0].slice(cut.start, cut.end));
    if (/^\d+\.\d+$/.test(match[0].slice(cut.start, cut.end))) continue;
    if (input.view === 'joined' && input.kind === 'number' && !WORDS.test(input.key)) continue;
    const isChecked = isLuhn(digits) && !/^0+$/.test(digits);
    const issued = isIssued(digits);
    let score = issued ? 0.3 : 0.1;
    if (isChecked) score += CHECKED;
    else if (!issued || digits.length < 15 || isTrivial(digits)) continue;
    if (hasContext(input, start, end, WORDS)) score += CONTEXT;
    if (distanceBefore(input, start, OTHERS) < Math.min(25, distanceBefore(input, start, CARD_WORDS))) score -= AGAINST;
    if (score >= 0.3) hits.push({ start, end, type: 'PAYMENT_CARD', score: clip(score) });
  }
  return hits;
}

/** A date or code may follow the number: take the leading groups that pass the check, else the whole. */
function cardIn(run: string): { start: number; end: number } {
  if (!isLuhn(digitsOf(run)) || !isIssued(digitsOf(run)))
    for (const match of [...run.matchAll(/[ \-.\u00b7]+/gu)].reverse()) {
      const digits = digitsOf(run.slice(0, match.index));
      if (digits.length < 12) break;
      if (isLuhn(digits) && isIssued(digits)) return { start: 0, end: match.index };
    }
  return { start: 0, end: run.length };
}

function partlyShown(input: RuleText): Hit[] {
  const hits: Hit[] = [];
  const { text } = input;
  if (/[*xX•·●#]{2}/.test(text))
    for (const match of text.matchAll(PARTLY)) {
      const isFull = match[0].length >= 12;
      const score =
        (isFull ? 0.5 : 0.3) + (hasContext(input, match.index, match.index + match[0].length, WORDS) ? 0.3 : 0);
      if (isFull || score > 0.5)
        hits.push({
          start: match.index,
          end: match.index + match[0].length,
          type: 'PAYMENT_CARD',
          score,
          subtype: 'partly-shown',
        });
    }
  for (const match of text.matchAll(ENDING)) {
    const end = match.index + match[0].length;
    const start = end - match[1]!.length;
    if (
      hasContext(input, match.index, end, WORDS) ||
      /\b(?:account|iban|konto)\b/i.test(text.slice(Math.max(0, start - 60), start))
    )
      hits.push({ start, end, type: 'PAYMENT_CARD', score: 0.65, subtype: 'partly-shown' });
  }
  return hits;
}

function securityCodes(input: RuleText): Hit[] {
  const hits: Hit[] = [];
  for (const match of input.text.matchAll(CODE)) {
    const end = match.index + match[0].length;
    hits.push({ start: end - match[1]!.length, end, type: 'PAYMENT_CARD', score: 0.7, subtype: 'security-code' });
  }
  return hits;
}
