/**
 * Telephone numbers. A window of digits opens first; what its shape does not settle, words nearby and the numbering
 * plans of libphonenumber (MIT) do. Drama ranges are no valid numbers there, so shape and context count by themselves.
 */

import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { distanceBefore, hasContext, type RuleText } from '../context.ts';
import { TRIGGER } from '../triggers.ts';
import { CONTEXT, clip, digitsOf, type Hit, type Rule } from './rule.ts';

const WINDOW =
  /(?<![\p{L}\d_$€£+#]|[\d\p{L}][.,:-]|\()(?:\+ ?|\(\+?|00(?=[1-9]))?\d(?:\)? ?[.\-–/]? ?\(?\d){6,19}(?!(?!x\d{1,6}(?!\w))[\p{L}\d_]|[.,:]\d|[-–]\p{L})/gu;
const EXTENSION = /^[ ,;]{0,2}(?:x|ext\.?|extension|durchwahl|poste|#)[ :.]{0,2}\d{1,6}(?!\d)/i;

const WORDS = String.raw`phone|telephone|tel|telefon\w*|tél|téléphone|teléfono|telefone|telefono|telefoon|mobile?s?|mob|mobil|móvil|celular|cellulare|cell(?:phone|ular)?|handy|fax|landline|hotline|desk|call(?:ed|ing|back|s)?|call back|dial(?:ed)?|ring|text(?:ed)?|sms|whats ?app|signal|telegram|reach(?:able)?|contact|answering|registered|messages? to|voicemail|pager|otp|msisdn|anruf\w*|rufnummer|ruf|erreich\w*|appel\w*|appelez|joindre|llam\w*|lláma\w*|chiam\w*|ligar|ligue|bel(?:len)?|numéro|número|numero|my number|your number|phone number|number at`;
const PHONE_WORDS = new RegExp(String.raw`(?<![\p{L}])(?:${WORDS})(?![\p{L}])|☎|📞|📱`, 'giu');
const OTHER_WORDS =
  /\b(?:order|ticket|case|invoice|account|acct|card|credit|iban|isbn|issn|sku|version|build|id|ids|ref|reference|tracking|parcel|port|zip|plz|postcode|ssn|part|model|serial|imei|product|item|article|code|pin|otp|tax|passport|licen[cs]e|amount|total|price|usd|eur|sum|balance|timestamp|epoch|unix|bytes?|size|offset|pid|seed|doi|arxiv|issue|pr|patent|vat|routing|sort code|social security|nhs|kvk|siret|page|rows?|sequence|values?|identifiers|konto|rechnung|bestell\w*|commande|pedido|nummer)\b/gi;
const LABEL =
  /(?:^|[\s(|;,])(?:phone|tel|telephone|telefon|mobile?|cell|fax|desk|handy|t|m|p|f|☎)\.?(?: ?(?:no\.?|number|nr\.?|#))?[ \t]{0,3}[:=.][ \t\n]{0,3}$/i;
/** Decimals side by side, a range of years. */
const NO_PHONE = /(?:^| )\d?\.\d+(?: |$)|(?:^| )\d\.\d+ \d|^\(?1?[0-9]\d{2}[-–/][12]\d{3}\)?$/;
const DATE_OR_TIME =
  /^(?:(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d)(?!\d)|^\d{1,2}[.:]\d{2}[ -]/;
/** Tried in this order when a number without a country code has to prove itself. */
const COUNTRIES: CountryCode[] = [
  'US',
  'GB',
  'DE',
  'FR',
  'IT',
  'ES',
  'NL',
  'BE',
  'CH',
  'AT',
  'AU',
  'IN',
  'BR',
  'JP',
  'ZA',
];

export const phoneRule: Rule = {
  detector: 'rule:phone@1',
  triggers: TRIGGER.CLUSTER7,
  needs: (traits) => traits.cluster >= 7,
  find(input) {
    const hits: Hit[] = [];
    for (const window of input.text.matchAll(WINDOW)) {
      for (const part of numbersIn(window[0])) {
        const start = window.index + part.start;
        let end = window.index + part.end;
        const score = scoreOf(input, input.text.slice(start, end), start, end);
        const extension =
          score >= 0.6 && end === window.index + window[0].length
            ? EXTENSION.exec(input.text.slice(end, end + 24))
            : null;
        if (extension !== null) end += extension[0].length;
        if (score >= 0.3) hits.push({ start, end, type: 'PHONE', score: clip(score) });
      }
    }
    return hits;
  },
};

type Part = { start: number; end: number };

/** A window may hold a date before the number, or two numbers: blanks are where it may be cut. */
function numbersIn(window: string): Part[] {
  const date = DATE_OR_TIME.exec(window);
  if (date !== null) {
    const rest = window.slice(date[0].length);
    const skip = /^[^\d(+]*/.exec(rest)![0].length;
    const from = date[0].length + skip;
    if (digitsOf(rest).length < 7) return [];
    return numbersIn(window.slice(from)).map((part) => ({ start: part.start + from, end: part.end + from }));
  }
  if (digitsOf(window).length <= 15) return [{ start: 0, end: window.length }];
  const cuts = [...window.matchAll(/ (?=[(\d])/g)].map((match) => match.index);
  const cut = cuts.find((at) => digitsOf(window.slice(0, at)).length >= 9 && digitsOf(window.slice(at)).length >= 7);
  if (cut === undefined) return [];
  return [
    { start: 0, end: cut },
    ...numbersIn(window.slice(cut + 1)).map((p) => ({ start: p.start + cut + 1, end: p.end + cut + 1 })),
  ];
}

function scoreOf(input: RuleText, number: string, start: number, end: number): number {
  const digits = digitsOf(number);
  if (/^(\d)\1*$/.test(digits) || /^\d+\.\d+$/.test(number) || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(number)) return 0;
  if (digits.length < 7 || digits.length > 15 || NO_PHONE.test(number)) return 0;
  const isLabelled = LABEL.test(input.text.slice(Math.max(0, start - 24), start));
  const phone = isLabelled ? 0 : distanceBefore(input, start, PHONE_WORDS);
  const other = distanceBefore(input, start, OTHER_WORDS);
  const isOther = !isLabelled && other < phone;
  const isNamed =
    phone < Number.POSITIVE_INFINITY ||
    hasContext(input, end, end, /\b(?:phone|tel|mobile|cell|fax|call me|whats ?app)\b/i);
  const shape = shapeOf(number, digits);
  // digits that stood one by one in a list are a value that was cut: as strings always, as numbers when dialable
  if (input.view === 'joined' && number === input.text && !/\s/.test(number))
    return input.kind === 'string' || isInPlan(number) ? 0.62 : 0;
  if (input.kind === 'number' && !isNamed) return 0;
  if (shape >= 0.6) return isOther && !number.startsWith('+') ? shape - 0.2 : shape + (isNamed ? CONTEXT : 0);
  if (isOther) return /[-–]\p{L}/u.test(input.text.slice(end, end + 2)) ? 0 : Math.min(shape - 0.25, 0.3);
  if (isNamed) return Math.max(shape + 0.25, 0.62);
  if (shape < 0.4) return 0;
  return isInPlan(number) ? Math.max(shape, 0.45) : shape - 0.2;
}

/** How much a number looks like a telephone number by itself. */
function shapeOf(number: string, digits: string): number {
  if (/^\(?\+/.test(number))
    return digits.length >= 8 && isPossible(`+${digits.replace(/^(\d{1,3})0(?=\d{8})/, '$1')}`) ? 0.75 : 0.3;
  if (/^(?:1[ .-]?)?(?:\(\d{3}\) ?\d{3}[ .-]\d{4}|([2-9]\d{2})([.-])\d{3}\2\d{4})$/.test(number)) return 0.65;
  if (/^00[1-9]/.test(number))
    return digits.length >= 10 && /[ .\-/()]/.test(number) && isPossible(`+${digits.slice(2)}`) ? 0.65 : 0.35;
  const groups = number.split(/[^\d]+/).filter((group) => group !== '');
  if (/^\(?0/.test(number) && digits.length >= 9 && digits.length <= 12) {
    if (groups.length >= 2 && groups[0]!.length <= 5 && !/^0\./.test(number)) return isInPlan(number) ? 0.62 : 0.5;
    return groups.length === 1 && /^0[1-9]/.test(number) ? 0.45 : 0.3;
  }
  if (/^\(\d{2,4}\) ?\d{3,4}[ -]?\d{3,4}$/.test(number)) return 0.5;
  if (/^[2-9]\d{2} [2-9]\d{2} \d{4}$/.test(number)) return 0.45;
  if (groups.length >= 2 && groups.length <= 6 && groups.every((group) => group.length >= 2 && group.length <= 8))
    return 0.35;
  return groups.length === 1 && digits.length >= 9 ? 0.35 : 0.3;
}

const isPossible = (number: string): boolean => parsePhoneNumberFromString(number)?.isPossible() === true;

const isInPlan = (number: string): boolean =>
  COUNTRIES.some((country) => parsePhoneNumberFromString(number, country)?.isValid() === true);
