/**
 * Calendar dates of people: dates of birth, and dates that stand in prose. Times that machines write (ISO with `T` or
 * `Z`, log lines, `created_at`) are none: they leave exports as a coarse bucket only.
 */

import { hasContext, type RuleText } from '../context.ts';
import { TRIGGER } from '../triggers.ts';
import { CONTEXT, clip, type Hit, type Rule } from './rule.ts';

const MONTHS = String.raw`jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|février|fév|mar(?:ch)?|märz|mrz|mars|apr(?:il)?|avril|may|mai|jun[ei]?|juni|juin|jul[iy]?|juillet|aug(?:ust)?|août|sep(?:t(?:ember|embre)?)?|oct(?:ober|obre)?|okt(?:ober)?|nov(?:ember|embre)?|dec(?:ember)?|dez(?:ember)?|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|januari|februari|maart|mei|augustus`;
const YEAR = String.raw`(?:18|19|20)\d{2}`;
const DAY = String.raw`(?:0?[1-9]|[12]\d|3[01])`;
const ALONE = String.raw`(?<![\p{L}\d_/.,:-]|\d )`;
const END = String.raw`(?![\p{L}\d_/-]|[.,:]\d)`;

/** March 15, 1989 · 3 May 2026 · 3rd of May · 3. Mai 1984 · 12 de marzo de 1984 */
const WRITTEN = new RegExp(
  String.raw`(?<![\p{L}\d_/])(?:(?:${DAY})(?:st|nd|rd|th|\.|er|º)?(?: (?:of|de|d[’']))? ?(?:${MONTHS})\b\.?(?:,? (?:de |del |of )?${YEAR}|,? ['’]\d{2})?|(?:${MONTHS})\b\.? (?:the )?(?:${DAY})(?:st|nd|rd|th)?\b(?:,? ${YEAR}|,? ['’]\d{2})?|(?:${MONTHS})\b\.?,? (?:de )?${YEAR})(?![\p{L}\d_])`,
  'giu',
);
const NUMERIC = new RegExp(
  String.raw`${ALONE}(?:(\d{1,2})([/.-])(\d{1,2})\2(${YEAR}|\d{2})|(${YEAR})([-/.])(\d{1,2})\6(\d{1,2}))${END}`,
  'gu',
);
const ISO_TIME =
  /(?<![\p{L}\d_/.-])((?:18|19|20)\d{2}-[01]\d-[0-3]\d) [0-2]\d:[0-5]\d(?::[0-5]\d)?(?![\d:.]|,\d|\s?(?:UTC|GMT|Z|[+-]\d{2}))/gu;
const BIRTH =
  /\b(?:d\.?o\.?b|birth\w*|born|b-?day|geb(?:oren|urt\w*|\.)?|né[e]?|naissance|nacid[oa]|nacimiento|nat[oa]|nascit\w*|nascid[oa]|nascimento|geboren|geboorte\w*)(?![\p{L}])/iu;
const BIRTH_VALUE =
  /(?:\b(?:d\.?o\.?b|date of birth|birth ?date|birthday|born(?: on)?|geburtsdatum|geboren am|geb\.)["']?[ \t]{0,3}(?:is|was|=|:|on)?[ \t"']{0,3})([^\s"',;|)]{1,12}(?: ?[^\s"',;|)]{1,12}){0,4})/giu;
const SPOKEN_DATE = new RegExp(
  String.raw`\bborn (?:on )?(?:the )?((?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twent(?:y|ieth)[- ]?\w*|thirt(?:y|ieth)[- ]?\w*) (?:of )?(?:${MONTHS})(?:,? (?:nineteen |twenty |two thousand )?(?:and )?[a-z]+(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)?)`,
  'giu',
);
const PERSONAL =
  /\b(?:admi\w+|discharge\w*|appointment|visit\w*|travel\w*|arriv\w*|depart\w*|check-?in|hired?|married|wedding|died|deceased|meet\w*|flight|surgery|anniversary|expir\w*|exp|valid|since|date|on|due|until|from|to)\b/i;
/** Keys under which machines keep times, versions and periods. */
const MACHINE_KEY =
  /\b(?:created|updated|modified|timestamp|time|ts|expires?|started|ended|finished|completed|published|released?|version|build|last|first|at|generated|cutoff|knowledge|log|model|api|deployed|indexed|crawled|fetched|schema)\b/;
const MACHINE_BEFORE =
  /(?:\b(?:v|version|api|model|release|gpt|claude|gemini|snapshot|build|copyright|©|\(c\)|rfc|iso|since version|cutoff|node|python|dated|turbo|preview|sonnet|opus|haiku|llama[\w.-]*|gpt[\w.-]*)[ :=\-"']{0,3}|[-@_/])$/i;
const LOG_BEHIND = /^(?:[,.]\d{3}|\]|\s+(?:\[|INFO|WARN|ERROR|DEBUG|TRACE|FATAL|NOTICE|[a-z]+\[\d))/;

export const dateRule: Rule = {
  detector: 'rule:date@1',
  triggers: TRIGGER.MONTH | TRIGGER.SEPARATED | TRIGGER.BIRTH,
  needs: (traits) => traits.digits >= 1 || traits.lower.includes('born'),
  find(input) {
    if (input.kind === 'number') return [];
    return [...birthDates(input), ...writtenDates(input), ...numericDates(input)];
  },
};

function birthDates(input: RuleText): Hit[] {
  const hits: Hit[] = [];
  if (!BIRTH.test(input.text)) return hits;
  for (const match of input.text.matchAll(BIRTH_VALUE)) {
    const value =
      /^[\d./ -]{4,12}\d|^(?:\p{L}{3,9}\.? )?\d{1,2}(?:st|nd|rd|th|\.)?,?(?: (?:of )?\p{L}{3,9}\.?)?(?: \d{4})?|^\d{4}/u
        .exec(match[1]!)?.[0]
        ?.trimEnd();
    if (value === undefined || !/\d{2}/.test(value)) continue;
    const start = match.index + match[0].length - match[1]!.length;
    hits.push({ start, end: start + value.length, type: 'DATE', score: 0.85, subtype: 'birth' });
  }
  for (const match of input.text.matchAll(SPOKEN_DATE)) {
    const end = match.index + match[0].length;
    hits.push({ start: end - match[1]!.length, end, type: 'DATE', score: 0.8, subtype: 'birth' });
  }
  return hits;
}

function writtenDates(input: RuleText): Hit[] {
  const hits: Hit[] = [];
  if (!/\d/.test(input.text)) return hits;
  for (const match of input.text.matchAll(WRITTEN)) {
    const end = match.index + match[0].length;
    const isWhole = /\d{4}/.test(match[0]) && /\d\D+\d/.test(match[0]);
    if (/^,? \d{2}:\d{2}:\d{2} (?:GMT|UTC|[+-]\d{4})/.test(input.text.slice(end, end + 20))) continue;
    // "may 3", "mar 2" in lower case are seldom dates; "Version March 2024" is none
    if (!/\p{Lu}/u.test(match[0]) && !isWhole && !/(?:st|nd|rd|th)\b/.test(match[0])) continue;
    const isMachine =
      MACHINE_KEY.test(input.key) || MACHINE_BEFORE.test(input.text.slice(Math.max(0, match.index - 16), match.index));
    const score =
      (isWhole ? 0.65 : 0.5) + (hasContext(input, match.index, end, PERSONAL) ? 0.1 : 0) - (isMachine ? 0.35 : 0);
    if (score >= 0.3) hits.push({ start: match.index, end, type: 'DATE', score: clip(score) });
  }
  return hits;
}

function numericDates(input: RuleText): Hit[] {
  const hits: Hit[] = [];
  for (const match of input.text.matchAll(NUMERIC)) {
    const [whole, first, mark, second, year, isoYear, , isoMonth, isoDay] = match;
    const end = match.index + whole.length;
    if (
      isoYear === undefined ? !isDayMonth(Number(first), Number(second)) : !isMonthDay(Number(isoMonth), Number(isoDay))
    )
      continue;
    const isBirth = hasContext(input, match.index, end, BIRTH);
    const isShort = year !== undefined && year.length === 2;
    if (
      isShort &&
      !isBirth &&
      !(
        mark === '/' &&
        hasContext(input, match.index, end, /\b(?:date|on|due|dated|birthday|visit|appointment|since|exp\w*)\b/i)
      )
    )
      continue;
    let score = isBirth ? 0.85 : mark === '.' && isoYear === undefined ? 0.6 : 0.62;
    const rest = input.text.slice(end, end + 24);
    if (!isBirth) {
      if (MACHINE_KEY.test(input.key)) score -= 0.35;
      if (MACHINE_BEFORE.test(input.text.slice(Math.max(0, match.index - 16), match.index))) score -= 0.3;
      if (/^[T ]\d{2}:/.test(rest)) continue;
      if (isoYear !== undefined && LOG_BEHIND.test(rest)) score -= 0.35;
    }
    if (score >= 0.3)
      hits.push({ start: match.index, end, type: 'DATE', score: clip(score), subtype: isBirth ? 'birth' : undefined });
  }
  for (const match of input.text.matchAll(ISO_TIME)) {
    const end = match.index + match[0].length;
    const lineStart =
      match.index === 0 || /[\n[]\s*$/.test(input.text.slice(Math.max(0, match.index - 3), match.index));
    if (lineStart || LOG_BEHIND.test(input.text.slice(end, end + 24)) || MACHINE_KEY.test(input.key)) continue;
    hits.push({
      start: match.index,
      end,
      type: 'DATE',
      score: hasContext(input, match.index, end, PERSONAL) ? 0.62 : 0.4,
    });
  }
  return hits;
}

const isMonthDay = (month: number, day: number): boolean => month >= 1 && month <= 12 && day >= 1 && day <= 31;
const isDayMonth = (a: number, b: number): boolean => isMonthDay(a, b) || isMonthDay(b, a);

/** Years beside words that tie them to someone's life; only ever a suggestion. */
export const yearRule: Rule = {
  detector: 'rule:year@1',
  triggers: TRIGGER.RUN4,
  needs: (traits) => traits.digits >= 4,
  find(input) {
    const hits: Hit[] = [];
    for (const match of input.text.matchAll(
      /\b(?:in|since|from|of|during|until|year|class of|is a)[ ]((?:19|20)\d{2})(?![\d.,-]\d|[\d/-])/gi,
    )) {
      const end = match.index + match[0].length;
      const isBirth = hasContext(input, match.index, end, BIRTH);
      hits.push({
        start: end - 4,
        end,
        type: isBirth ? 'AGE' : 'DATE',
        score: isBirth ? 0.4 + CONTEXT + 0.05 : 0.35,
        subtype: 'year',
      });
    }
    return hits;
  },
};
