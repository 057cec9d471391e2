/**
 * Numbers that only their label names: "driver's license number is …", `order #…`, `MRN …`, `serial: …`. One row a
 * kind; the value behind the label must hold a digit and look like a number someone was given.
 */

import type { PiiType } from '../taxonomy.ts';
import { matchesAt, TRIGGER, wordStarts } from '../triggers.ts';
import type { Hit, Rule } from './rule.ts';

type Label = { id: string; type: PiiType; words: string; score: number; value?: RegExp };

const ANY = /^(?=[A-Z0-9./-]*\d)[A-Z0-9](?:[A-Z0-9]|[-./](?=[A-Z0-9])){2,29}/i;
const LONG = /^(?=[A-Z0-9./-]*\d[A-Z0-9./-]*\d)[A-Z0-9](?:[A-Z0-9]|[-./](?=[A-Z0-9])){4,39}/i;
const SPACED = /^(?=[A-Z0-9 -]{0,20}\d[A-Z0-9 -]{0,20}\d)[A-Z0-9]{1,20}(?:[ -][A-Z0-9]{2,8}){0,4}/i;
const PLATE = /^(?=[A-ZÄÖÜ0-9 -]*\d)[A-ZÄÖÜ0-9]{1,4}(?:[ -]?[A-Z0-9]{1,5}){1,2}(?![a-z])/;
const BOOKING = /^(?=[A-Z0-9]*\d|[A-Z]{6}\b)[A-Z0-9]{5,8}(?![a-z0-9])/;
const CODE = /^\d{3}[ -]?\d{3,5}(?!\d)/;

// biome-ignore format: one row a kind
const LABELS: readonly Label[] = [
  { id: 'driving-licence', type: 'GOV_ID', score: 0.75, value: SPACED, words: String.raw`(?:driver(?:['’]?s)?|driving|drivers)[ _-]?(?:licen[cs]e|permit)|dl|führerschein\w*|permis de conduire|licencia de conducir|patente di guida` },
  { id: 'passport', type: 'GOV_ID', score: 0.75, value: ANY, words: String.raw`passport|reisepass\w*|passeport|pasaporte|passaporto|paspoort\w*|passaporte` },
  { id: 'tax-id', type: 'GOV_ID', score: 0.75, value: SPACED, words: String.raw`tax(?:payer)?[ _-]?(?:id|identification)|tin|ein|steuer(?:nummer|-?id)|vat|ust-?id\w*(?:[.-]? ?nr\.?)?|numéro fiscal|national[ _-]?(?:id|identity|insurance)(?: card)?|identity card|id[ _-]card|personalausweis\w*|residence permit|visa|voter(?:['’]s)?[ _-]?id|aadhaar|cédula|cpf|curp|nric` },
  { id: 'patient', type: 'HEALTH_ID', score: 0.75, value: ANY, words: String.raw`mrn|medical record|patient|patienten\w*|health[ _-]?(?:card|id|insurance|plan)|insurance(?: policy| member)?|versicherten\w*|krankenkasse\w*|prescription|rx|npi|dea|medicaid|medicare|subscriber|policy|nhs` },
  { id: 'customer', type: 'ACCOUNT_ID', score: 0.7, value: ANY, words: String.raw`customer|client|member(?:ship)?|user|employee|staff|student|badge|personnel|subscriber|loyalty|frequent[ _-]flyer|miles|account|acct|kunden|mitglieds?|mitarbeiter|matrikel|cliente|klant|userid|uid|usr|contract|vertrags?|profile|login|payer|merchant|tenant|vendor|supplier|driver|candidate|applicant|contact` },
  { id: 'order', type: 'RECORD_ID', score: 0.65, value: ANY, words: String.raw`order|ticket|case|invoice|booking|reservation|confirmation|reference|ref|claim|incident|transaction|payment|receipt|purchase|parcel|package|tracking|shipment|consignment|return|rma|complaint|application|request|service|bestell|auftrags?|rechnungs?|buchungs?|sendungs?|vorgangs?|commande|facture|pedido|factura|ordine|fattura|bestelling|factuur` },
  { id: 'booking', type: 'RECORD_ID', score: 0.65, value: BOOKING, words: String.raw`pnr|record locator|booking reference|booking code|confirmation code|reservation code|reservation` },
  { id: 'serial', type: 'DEVICE_ID', score: 0.7, value: LONG, words: String.raw`serial|s\/n|sn|udid|idfa|gaid|aaid|android[ _-]id|device|hardware|push token|installation|machine|esn|meid|imei|advertising|seriennummer|asset tag` },
  { id: 'plate', type: 'VEHICLE_ID', score: 0.7, value: PLATE, words: String.raw`(?:license|licence|number|registration|reg)[ _-]?plates?|plates?|kennzeichen|registration|matrícula|targa|immatriculation|kenteken|vehicle reg(?:istration)?` },
  { id: 'meeting', type: 'ACCOUNT_ID', score: 0.6, value: CODE, words: String.raw`meeting|zoom|conference|webinar` },
];

/** Between label and value: a kind of number, a verb, a colon, quotes. */
const NOUN = String.raw`(?:[ _-]?(?:nummer|numero|numbers?|num(?![\p{L}])|no\.?|nr\.?|ids?|identifiers?|code|card|#|nº|n°|numéro|número|numero))`;
const LINK = String.raw`(?:["']?[ \t]{0,3}(?:is|was|ist|lautet|est|es|=>|:=|=|:|->|#|№)?[ \t]{0,3}["'#(]{0,2})`;
/** A bare label ("order 12345") counts only where the value is unlike a word and holds two digits. */
const PATTERNS = LABELS.map((label) => ({
  ...label,
  pattern: new RegExp(String.raw`(?<![\p{L}\d])(?:${label.words})(?:['’]s)?(${NOUN}){0,2}(${LINK})`, 'iuy'),
}));
/** No value starts further behind the start of its label, and none shows its first digit later. */
const MAX_TO_DIGIT = 120;
/** Labels that mean a number even without "number", a colon or the like between them. */
const BARE =
  /^(?:driver|driving|führerschein|permis|passport|reisepass|passe|pasaporte|passaporto|mrn|medical|patient|policy|customer|client|member|employee|kunden|mitglied|order|ticket|case|invoice|booking|reservation|claim|incident|tracking|shipment|rma|serial|bestell|auftrag|rechnung|buchung|sendung|commande|facture|pedido|factura|nhs|rx)/i;
const NOT_VALUES =
  /^(?:\d{1,2}|(?:19|20)\d{2}|\d{1,3}(?:st|nd|rd|th)|\d+(?:ms|s|m|h|d|px|kb|mb|gb|x|%|k)|v\d.*|\d+[./]\d+|(?:19|20)\d{2}-\d{2}-\d{2}(?!\d).*|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|[0-9a-f]{8}-[0-9a-f]{4}-.*|\d{1,3}(?:\.\d{1,3}){3})$/i;

/** `ORD-904825`, `INV-2201`: what the letters say, without any word before. */
const CODED =
  /(?<![\p{L}\d_-])(?:ORD|ORDER|INV|TCK|TKT|TICKET|CASE|RMA|BKG|BOOK|INC|SR|CRQ|PO|SO|SHP|TRK|REF|CLM)[-#]\d{4,12}(?![\p{L}\d_-])/gu;

export const codedRecordRule: Rule = {
  detector: 'rule:coded-record@1',
  triggers: TRIGGER.RUN4,
  needs: (traits) => traits.digits >= 4,
  find({ text }) {
    return [...text.matchAll(CODED)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      type: 'RECORD_ID',
      score: 0.62,
      subtype: 'coded',
    }));
  },
};

export const labelledNumberRule: Rule = {
  detector: 'rule:labelled-number@1',
  triggers: TRIGGER.LABEL,
  needs: (traits) => traits.digits >= 1,
  find({ text }) {
    const starts = labelStarts(text);
    const hits: Hit[] = [];
    if (starts.length === 0) return hits;
    for (const label of PATTERNS)
      for (const match of matchesAt(text, starts, label.pattern)) {
        const start = match.index + match[0].length;
        if (/[\p{L}\d]/u.test(text[start - 1]!)) continue;
        const value = valueBehind(
          label,
          match[0],
          text.slice(start, start + 48),
          match[1] !== undefined,
          /[:=#№]|\bis\b|\bist\b|\best\b/.test(match[2]!),
        );
        if (value !== undefined)
          hits.push({ start, end: start + value.length, type: label.type, score: label.score, subtype: label.id });
      }
    return hits;
  },
};

/** Starts of words that may be labels, with a digit not far behind (a booking code may have none). */
function labelStarts(text: string): number[] {
  const starts: number[] = [];
  let digit = -1;
  for (const start of wordStarts(text, TRIGGER.LABEL)) {
    if (start > 0 && /[\p{L}\d]/u.test(text[start - 1]!)) continue;
    if (digit < start) {
      digit = start;
      while (digit < text.length && !isDigit(text.charCodeAt(digit))) digit++;
    }
    const lead = text.charCodeAt(start) | 0x20;
    if (digit - start <= MAX_TO_DIGIT || lead === 0x70 || lead === 0x72 || lead === 0x62 || lead === 0x63)
      starts.push(start);
  }
  return starts;
}
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

function valueBehind(label: Label, word: string, text: string, hasNoun: boolean, hasLink: boolean): string | undefined {
  let value = label.value!.exec(text)?.[0];
  if (value === undefined) return undefined;
  // words do not follow a number without a blank, but a spaced number may run into them: cut at the first one
  value = value.replace(/ [a-z]{2,8}.*$|[ -][A-Za-z]{4,}.*$/, '');
  if (!/\d/.test(value) && label.id !== 'booking') return undefined;
  if (NOT_VALUES.test(value) || /^[@\w]/.test(text.slice(value.length, value.length + 1))) return undefined;
  const digits = value.replace(/\D/g, '').length;
  if (hasNoun && (hasLink || digits >= 2)) return value.length >= 3 ? value : undefined;
  if (hasLink)
    return digits >= 4 ||
      (label.id === 'plate' && /[A-Z].*\d|\d.*[A-Z]/.test(value)) ||
      /^[A-Z]{1,4}-?\d{3,}$/.test(value)
      ? value
      : undefined;
  if (!BARE.test(word)) return undefined;
  return digits >= 5 || (digits >= 3 && /^[A-Z]{1,4}-?\d{3,}/.test(value)) ? value : undefined;
}
