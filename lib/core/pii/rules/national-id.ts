/**
 * Numbers that states give to people: one row a scheme. `check` takes the number without separators, upper case. A row
 * whose check alone is weak evidence (one in ten random numbers passes) needs a context word to be masked outright.
 */

import { hasContext } from '../context.ts';
import type { PiiType } from '../taxonomy.ts';
import { TRIGGER } from '../triggers.ts';
import { isDate, isLuhn, isMod11Of10, isTrivial, isVerhoeff, weighted } from './checksums.ts';
import { digitRegions, matchesIn } from './digit-regions.ts';
import { AGAINST, CHECKED, CONTEXT, clip, type Hit, type Rule } from './rule.ts';

type Scheme = {
  id: string;
  type?: PiiType;
  pattern: RegExp;
  check: (value: string) => boolean;
  words: RegExp;
  /** Score of the bare shape; the check adds 0.4, a context word 0.2. */
  base: number;
  /** The shape is common in other numbers: only reported beside a context word. */
  needsWord?: true;
  /** Digits that stand close together in it, 7 when not given. */
  least?: number;
  /** What fails the check is no number of this kind, whatever stands before it. */
  isStrict?: true;
};

/** A number with optional separators: `\b` would let it start inside `A-12` or `1.234`. */
const alone = (source: string, flags = 'g'): RegExp =>
  new RegExp(`(?<![\\p{L}\\d_.+-])${source}(?![\\p{L}\\d_]|[-.]\\d)`, `${flags}u`);

const num = (text: string, start: number, end?: number): number => Number(text.slice(start, end));

const isBirthDigits = (v: string, year: number, month: number, day: number): boolean =>
  year >= 0 && isDate(num(v, month, month + 2), num(v, day, day + 2));

const ES_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const FI_MARKS = '0123456789ABCDEFHJKLMNPRSTUVWXY';
const IT_ODD: Record<string, number> = Object.fromEntries(
  [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((char, i) => [
    char,
    [
      1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10,
      22, 25, 24, 23,
    ][i]!,
  ]),
);

function isCodiceFiscale(v: string): boolean {
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const char = v[i]!;
    sum += i % 2 === 0 ? IT_ODD[char]! : char >= 'A' ? char.charCodeAt(0) - 65 : Number(char);
  }
  return v[15] === String.fromCharCode(65 + (sum % 26));
}

function isNric(v: string): boolean {
  let sum = weighted(v.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]);
  if (v[0] === 'T' || v[0] === 'G') sum += 4;
  if (v[0] === 'M') sum += 3;
  const letters = 'ST'.includes(v[0]!) ? 'JZIHGFEDCBA' : v[0] === 'M' ? 'KLJNPQRTUWX' : 'XWUTRQPNMLK';
  return v[8] === (v[0] === 'M' ? letters[10 - (sum % 11)] : letters[sum % 11]);
}

function isCpf(v: string): boolean {
  if (isTrivial(v)) return false;
  const digit = (n: number): number => {
    const rest =
      (weighted(
        v.slice(0, n),
        Array.from({ length: n }, (_, i) => n + 1 - i),
      ) *
        10) %
      11;
    return rest === 10 ? 0 : rest;
  };
  return digit(9) === Number(v[9]) && digit(10) === Number(v[10]);
}

function isSteuerId(v: string): boolean {
  const counts = [...v.slice(0, 10)].map((d) => v.slice(0, 10).split(d).length - 1);
  const most = Math.max(...counts);
  return (most === 2 || most === 3) && isMod11Of10(v);
}

const isNhs = (v: string): boolean => {
  const rest = 11 - (weighted(v.slice(0, 9), [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return !isTrivial(v) && rest !== 10 && rest % 11 === Number(v[9]);
};

const isNir = (v: string): boolean => {
  const body = v.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return /^\d{13}$/.test(body) && 97 - Number(BigInt(body) % 97n) === num(v, 13);
};

const isNorwegian = (v: string): boolean => {
  const k1 = (11 - (weighted(v, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11;
  const k2 = (11 - (weighted(v, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return k1 === Number(v[9]) && k2 === Number(v[10]) && isDate(num(v, 2, 4) % 40, num(v, 0, 2) % 40);
};

const isNif = (v: string): boolean => {
  const rest = weighted(v, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return Number(v[8]) === (rest < 2 ? 0 : 11 - rest) && /^[1235689]/.test(v) && !isTrivial(v);
};

const isMyNumber = (v: string): boolean => {
  const rest = weighted(v, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return Number(v[11]) === (rest <= 1 ? 0 : 11 - rest) && !isTrivial(v);
};

const isSsn = (v: string): boolean => !/^(?:000|666)|^...00|0000$/.test(v) && !/^(\d)\1*$/.test(v);

// biome-ignore format: one row a scheme
export const SCHEMES: readonly Scheme[] = [
  { id: 'us-ssn', isStrict: true, pattern: /(?<![\d_.+-])\d{3}-\d{2}-\d{4}(?![\p{L}\d_]|[-.]\d)/gu, check: isSsn, base: 0.3, words: /\b(?:ssn|social(?: security)?|itin|tax(?:payer)? id)\b/i },
  { id: 'us-ssn-plain', isStrict: true, pattern: alone(String.raw`\d{3} ?\d{2} ?\d{4}`), check: isSsn, base: 0.15, needsWord: true, words: /\b(?:ssn|social security|itin|taxpayer id)\b/i },
  { id: 'gb-nino', least: 6, pattern: alone(String.raw`(?![DFIQUV])[A-Z](?![DFIQUVO])[A-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]`, 'gi'), check: (v) => !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/.test(v), base: 0.25, words: /\b(?:nino?|national insurance|ni (?:number|no))\b/i },
  { id: 'gb-nhs', type: 'HEALTH_ID', pattern: alone(String.raw`\d{3}[ -]?\d{3}[ -]?\d{4}`), check: isNhs, base: 0.1, needsWord: true, words: /\bnhs\b/i },
  { id: 'de-steuer-id', pattern: alone(String.raw`[1-9]\d ?\d{3} ?\d{3} ?\d{3}`), check: isSteuerId, base: 0.05, words: /\b(?:steuer\w*|idnr|tax id|tin|identifikationsnummer)\b/i },
  { id: 'fr-nir', pattern: alone(String.raw`[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}`), check: isNir, base: 0.25, words: /\b(?:nir|sécu\w*|securite sociale|insee|ssn|numéro)\b/i },
  { id: 'es-dni', pattern: alone(String.raw`\d{8}[ -]?[A-Z]`, 'gi'), check: (v) => v[8] === ES_LETTERS[num(v, 0, 8) % 23], base: 0.25, words: /\b(?:dni|nif|documento)\b/i },
  { id: 'es-nie', pattern: alone(String.raw`[XYZ][ -]?\d{7}[ -]?[A-Z]`, 'gi'), check: (v) => v[8] === ES_LETTERS[num(`${'XYZ'.indexOf(v[0]!)}${v.slice(1, 8)}`, 0) % 23], base: 0.25, words: /\b(?:nie|nif|extranjero)\b/i },
  { id: 'it-codice-fiscale', pattern: alone(String.raw`[A-Z]{6}[\dLMNPQRSTUV]{2}[ABCDEHLMPRST][\dLMNPQRSTUV]{2}[A-Z][\dLMNPQRSTUV]{3}[A-Z]`, 'gi'), check: isCodiceFiscale, base: 0.35, words: /\b(?:codice fiscale|c\.?f\.?|fiscal\w*)\b/i },
  { id: 'nl-bsn', pattern: alone(String.raw`\d{4}[ .]?\d{2}[ .]?\d{3}`), check: (v) => weighted(v, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && !isTrivial(v), base: 0.1, needsWord: true, words: /\b(?:bsn|burgerservice\w*|sofi\w*)\b/i },
  { id: 'be-rrn', pattern: alone(String.raw`\d{2}[.]?\d{2}[.]?\d{2}[- ]?\d{3}[. ]?\d{2}`), check: (v) => isBirthDigits(v, 0, 2, 4) && [v.slice(0, 9), `2${v.slice(0, 9)}`].some((body) => 97 - (Number(body) % 97) === num(v, 9)), base: 0.15, words: /\b(?:rrn|rijksregister\w*|registre national|niss|insz|national number)\b/i },
  { id: 'pl-pesel', pattern: alone(String.raw`\d{11}`), check: (v) => isDate(num(v, 2, 4) % 20, num(v, 4, 6)) && (10 - (weighted(v, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(v[10]) && !isTrivial(v), base: 0.1, words: /\bpesel\b/i },
  { id: 'se-personnummer', pattern: alone(String.raw`(?:19|20)?\d{6}[-+]?\d{4}`), check: (v) => isDate(num(v.slice(-10), 2, 4), num(v.slice(-10), 4, 6) % 60) && isLuhn(v.slice(-10)) && !isTrivial(v), base: 0.1, words: /\b(?:person(?:al)?(?:nummer|nr|\s?number| identity)|samordningsnummer|pnr)\b/i },
  { id: 'no-fodselsnummer', pattern: alone(String.raw`\d{6} ?\d{5}`), check: isNorwegian, base: 0.2, words: /\b(?:fødsels\w*|fodsels\w*|personnummer|d-nummer)\b/i },
  { id: 'fi-hetu', pattern: alone(String.raw`\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]`), check: (v) => isDate(num(v, 2, 4), num(v, 0, 2)) && FI_MARKS[Number(v.slice(0, 6) + v.slice(-4, -1)) % 31] === v.at(-1), base: 0.25, words: /\b(?:hetu|henkilötunnus|personbeteckning)\b/i },
  { id: 'dk-cpr', pattern: alone(String.raw`\d{6}-?\d{4}`), check: (v) => isDate(num(v, 2, 4), num(v, 0, 2)) && weighted(v, [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0, base: 0.05, words: /\b(?:cpr|personnummer)\b/i },
  { id: 'ch-ahv', pattern: alone(String.raw`756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}`), check: (v) => (10 - (weighted(v, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === Number(v[12]), base: 0.25, words: /\b(?:ahv|avs|sozialversicherung\w*)\b/i },
  { id: 'at-svnr', pattern: alone(String.raw`[1-9]\d{3} ?\d{6}`), check: (v) => isDate(num(v, 6, 8) % 12 || 12, num(v, 4, 6)) && weighted(v, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(v[3]), base: 0.1, needsWord: true, words: /\b(?:sv-?nr|svnr|sozialversicherungs\w*|versicherungsnummer)\b/i },
  { id: 'pt-nif', pattern: alone(String.raw`\d{3} ?\d{3} ?\d{3}`), check: isNif, base: 0.1, needsWord: true, words: /\b(?:nif|contribuinte|fiscal)\b/i },
  { id: 'br-cpf', pattern: alone(String.raw`\d{3}\.?\d{3}\.?\d{3}-?\d{2}`), check: isCpf, base: 0.2, words: /\bcpf\b/i },
  { id: 'ca-sin', pattern: alone(String.raw`\d{3}[ -]?\d{3}[ -]?\d{3}`), check: (v) => isLuhn(v) && !isTrivial(v), base: 0.1, needsWord: true, words: /\b(?:sin|social insurance|nas)\b/i },
  { id: 'in-aadhaar', pattern: alone(String.raw`[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}`), check: (v) => isVerhoeff(v) && !isTrivial(v), base: 0.1, words: /\b(?:aadh?aa?r|uidai|uid)\b/i },
  { id: 'in-pan', least: 4, pattern: alone(String.raw`[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]`), check: () => true, base: 0.2, words: /\b(?:pan|permanent account|income tax)\b/i },
  { id: 'sg-nric', pattern: alone(String.raw`[STFGM]\d{7}[A-Z]`, 'gi'), check: isNric, base: 0.3, words: /\b(?:nric|fin|identity card)\b/i },
  { id: 'au-tfn', pattern: alone(String.raw`\d{3} ?\d{3} ?\d{3}`), check: (v) => weighted(v, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && !isTrivial(v), base: 0.1, needsWord: true, words: /\b(?:tfn|tax file)\b/i },
  { id: 'au-medicare', type: 'HEALTH_ID', pattern: alone(String.raw`[2-6]\d{3}[ -]?\d{5}[ -]?\d(?:[ /-]?\d)?`), check: (v) => weighted(v, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(v[8]), base: 0.1, needsWord: true, words: /\bmedicare\b/i },
  { id: 'za-id', pattern: alone(String.raw`\d{6} ?\d{4} ?[01]\d{2}`), check: (v) => isDate(num(v, 2, 4), num(v, 4, 6)) && isLuhn(v), base: 0.2, words: /\b(?:id (?:number|no)|identity|south african)\b/i },
  { id: 'kr-rrn', pattern: alone(String.raw`\d{6}-[1-8]\d{6}`), check: (v) => isDate(num(v, 2, 4), num(v, 4, 6)) && (11 - (weighted(v, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === Number(v[12]), base: 0.25, words: /(?:\b(?:rrn|resident registration)\b|주민)/i },
  { id: 'jp-my-number', pattern: alone(String.raw`\d{4}[ -]?\d{4}[ -]?\d{4}`), check: isMyNumber, base: 0.1, words: /(?:\bmy ?number\b|マイナンバー|個人番号)/i },
  { id: 'us-mbi', least: 3, type: 'HEALTH_ID', pattern: alone(String.raw`[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}`), check: () => true, base: 0.25, words: /\b(?:mbi|medicare)\b/i },
  { id: 'eu-vat', pattern: alone(String.raw`(?:AT ?U\d{8}|BE ?0?\d{9,10}|DE ?\d{9}|ES ?[A-Z]\d{7}[A-Z0-9]|FR ?[A-Z0-9]{2} ?\d{9}|GB ?\d{9}|IT ?\d{11}|NL ?\d{9}B\d{2}|PL ?\d{10}|SE ?\d{12})`), check: () => true, base: 0.1, needsWord: true, words: /(?:\b(?:vat|ust-?id\w*|ust|tva|iva|btw|mwst|partita iva)\b)/i },
];
// A number that is already something else by its own words.
const OTHERS =
  /\b(?:order|ticket|tracking|isbn|ean|sku|invoice|version|timestamp|epoch|commit|build|port|trace|span|product|part)\b/i;

export const nationalIdRule: Rule = {
  detector: 'rule:national-id@1',
  triggers: TRIGGER.CLUSTER3,
  needs: (traits) => traits.cluster >= 3,
  find(input) {
    const hits: Hit[] = [];
    const { text, traits } = input;
    const regions = digitRegions(text);
    for (const scheme of SCHEMES) {
      if (traits.cluster < (scheme.least ?? 7)) continue;
      if (scheme.needsWord && !scheme.words.test(text) && !scheme.words.test(input.key)) continue;
      for (const match of matchesIn(regions, scheme.pattern, scheme.least ?? 7)) {
        const end = match.index + match.value.length;
        const isNamed = hasContext(input, match.index, end, scheme.words);
        if (scheme.needsWord && !isNamed) continue;
        const isChecked = scheme.check(match.value.replace(/[^\p{L}\d+]/gu, '').toUpperCase());
        if (!isChecked && (!isNamed || scheme.isStrict)) continue;
        let score = scheme.base + (isChecked ? CHECKED : 0.1) + (isNamed ? CONTEXT : 0);
        if (!isNamed && OTHERS.test(input.text.slice(Math.max(0, match.index - 25), match.index))) score -= AGAINST;
        if (!isNamed && input.kind === 'number') score -= 0.1;
        if (score >= 0.3)
          hits.push({ start: match.index, end, type: scheme.type ?? 'GOV_ID', score: clip(score), subtype: scheme.id });
      }
    }
    return hits;
  },
};
