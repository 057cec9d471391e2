/**
 * Numbers beside a named place: `4596 Tylova`, `Grössgstötten 50`, `Danielskuil, NC 29451`. The street or town is what another
 * rule or the tagger found; here the numbers, state codes and towns that stand right beside it are taken in.
 */
import type { Hit } from './rule.ts';

/** House and flat numbers before; state code and postal code or a house number behind. */
const BEFORE = /(?<![\p{L}\d.,:$€£#/-])\d{1,6}[a-z]?(?: \d{1,5})?,?[ \n]{1,2}$/u;
const BEHIND =
  /^(?:,?[ \n]{1,2},?[ ]?(?:[A-Z]{2}|nan),?[ \n]{1,2})?(?:,?[ \n]{1,2})?\d{1,6}(?:[- ]\d{3,4})?[a-z]?(?![\p{L}\d%]|[.,:/]\d|[- ]?(?:years?|days?|hours?|minutes?|people|times|km|m\b|kg|percent|am\b|pm\b|million|billion|points?|goals?|games?))/u;
const UNIT_BEHIND = /^[,]?[ \n]{1,2}(?:apt|suite|unit|flat|floor|room)\.? ?#?\d{1,5}[a-z]?/i;
const STREETS =
  /\b(?:address\w*|live[sd]?|living|deliver\w*|ship\w*|send|sent|billing|return|meet|taxi|drops?|pick(?:ed)? ?up|restaurant|office|located|adresse|anschrift|straße|street|house|home|at|on)\b[^.!?]{0,24}$/i;
const YEAR = /^(?:1[89]|20)\d{2}$/;

/** @param named places and addresses of the same text, any order; the wider hits, with their numbers */
export function addressBlocks(text: string, named: readonly Hit[]): Hit[] {
  const hits: Hit[] = [];
  for (const { start, end, type, score } of named) {
    const before = BEFORE.exec(text.slice(Math.max(0, start - 18), start));
    const rest = text.slice(end, end + 24);
    const behind = UNIT_BEHIND.exec(rest) ?? BEHIND.exec(rest);
    const left = before !== null && !YEAR.test(before[0].replace(/\D+$/, '')) ? start - before[0].length : start;
    const digits = behind?.[0].replace(/^.*?(?=\d)/s, '') ?? '';
    const isCode = /^\d{5,6}$/.test(digits) || /[A-Z]{2},?[ \n]/.test(behind?.[0] ?? '');
    const isHouse = digits !== '' && digits.length < 5 && !YEAR.test(digits);
    const right = behind !== null && (isCode || isHouse) ? end + behind[0].length : end;
    if (left === start && right === end) continue;
    const isSure =
      type === 'ADDRESS' ||
      isCode ||
      (left < start && right > end) ||
      STREETS.test(text.slice(Math.max(0, left - 40), left));
    hits.push({
      start: left,
      end: right,
      type: 'ADDRESS',
      score: isSure && score >= 0.6 ? 0.65 : 0.45,
      subtype: 'block',
    });
  }
  return hits;
}
