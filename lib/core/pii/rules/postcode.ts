/** Postal codes: by their own shape where it is rare (UK, Canada), else beside a word, a key or a state. */

import { hasContext } from '../context.ts';
import { TRIGGER } from '../triggers.ts';
import { clip, type Hit, type Rule } from './rule.ts';

const BRITISH =
  /(?<![\p{L}\d])(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y]) \d[ABD-HJLNP-UW-Z]{2})(?![\p{L}\d])/gu;
const CANADIAN = /(?<![\p{L}\d-])[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d(?![\p{L}\d-])/gu;
const STATE =
  /(?<![\p{L}])(?:A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|PR|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]),? (\d{5}(?:-\d{4})?)(?![\d-])/gu;
const LABELLED =
  /(?<![\p{L}])(?:zip(?:s| ?codes?)?|post ?codes?|postal(?: ?codes?)?|postleitzahl|plz|code postal|cp|cap|código postal|codigo postal|cep|postcode|eircode|pin ?code)[ \t]{0,2}(?:is|ist|=|:|#|->)?[ \t"']{0,3}([A-Z]{0,2}\d[A-Z\d]{1,5}(?:[ -][A-Z\d]{2,4})?)(?![\p{L}\d]|-\d)/giu;
/** A code before a capitalised town: `48143 Münster`, `1012 AB Amsterdam`. */
const DUTCH = /(?<![\p{L}\d.,-])[1-9]\d{3} ?[A-Z]{2}(?=[ ,]{1,2}\p{Lu}\p{Ll})/gu;
const BEFORE_TOWN = /(?<![\p{L}\d.,#$€£/-])(?:[DAFIELP]-)?(\d{5})(?= \p{Lu}\p{Ll}{2,})/gu;
const ADDRESS_WORDS =
  /(?:stra(?:ß|ss)e|str\.|\b(?:address|adresse|anschrift|zip|plz|postal|street|via|rue|calle|city|stadt|ort|town|wohn\w*|live[sd]?|deliver\w*|ship\w*)\b)/i;
const KEY = /\b(?:zip|post(?:al)? ?code|plz|cep|postal)\b/;

export const postcodeRule: Rule = {
  detector: 'rule:postcode@1',
  triggers: TRIGGER.RUN4 | TRIGGER.CAPITAL_DIGIT | TRIGGER.POST,
  isKeyed: true,
  needs: (traits) => traits.digits >= 2,
  find(input) {
    const { text } = input;
    const hits: Hit[] = [];
    const add = (start: number, end: number, score: number) =>
      hits.push({ start, end, type: 'POSTCODE', score: clip(score) });
    const hasCapital = (input.traits.bits & TRIGGER.CAPITAL_DIGIT) !== 0;
    const hasRun = (input.traits.bits & TRIGGER.RUN4) !== 0;
    for (const match of hasCapital ? text.matchAll(BRITISH) : []) add(match.index, match.index + match[0].length, 0.65);
    for (const match of hasCapital ? text.matchAll(CANADIAN) : [])
      add(
        match.index,
        match.index + match[0].length,
        /[ ]/.test(match[0]) || hasContext(input, match.index, match.index + 6, ADDRESS_WORDS) ? 0.65 : 0.35,
      );
    for (const match of hasRun ? text.matchAll(STATE) : [])
      add(match.index + match[0].length - match[1]!.length, match.index + match[0].length, 0.65);
    for (const match of (input.traits.bits & TRIGGER.POST) !== 0 ? text.matchAll(LABELLED) : []) {
      const end = match.index + match[0].length;
      const code = [match[1]!, match[1]!.split(/[ -]/)[0]!].find(isShaped);
      const start = end - match[1]!.length;
      if (code !== undefined) add(start, start + code.length, 0.75);
    }
    for (const match of hasRun ? text.matchAll(DUTCH) : []) add(match.index, match.index + match[0].length, 0.5);
    for (const match of hasRun ? text.matchAll(BEFORE_TOWN) : []) {
      const end = match.index + match[0].length;
      if (hasContext(input, match.index, end, ADDRESS_WORDS)) add(end - 5, end, 0.65);
    }
    if (input.kind !== 'key' && KEY.test(input.key) && /^[A-Z\d][A-Z\d -]{2,9}$/i.test(text) && /\d/.test(text))
      add(0, text.length, 0.75);
    return hits;
  },
};

/** Five digits (and four), four to eight digits in groups, or letters and digits of Britain, Canada, the Netherlands, Ireland. */
const isShaped = (code: string): boolean =>
  !/[ -][a-z]+$/.test(code) &&
  /^(?:\d{5}(?:-\d{4})?|\d{4}(?: ?[A-Z]{2})?|\d{3} \d{2,3}|\d{2}-\d{3}|\d{5}-\d{3}|\d{4}-\d{3}|[A-Z]{1,2}-?\d{4,5}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]\d[\dW] ?[A-Z\d]{4})$/i.test(
    code,
  );
