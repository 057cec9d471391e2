/** A street with a number, PO boxes, flats: found around street words and unit words, never by reading whole text. */

import { hasContext, type RuleText } from '../context.ts';
import { TRIGGER } from '../triggers.ts';
import { CONTEXT, clip, type Hit, type Rule } from './rule.ts';

const W = String.raw`[\p{Lu}][\p{L}\p{M}'’.-]{0,30}`;
const NUMBER = String.raw`\d{1,5}(?:[-/]\d{1,4})?(?: ?[a-zA-Z])?(?![\p{L}\d])`;
const UNIT = String.raw`(?:,?\s{1,2}(?:apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|bldg|building|app|appt|wohnung|piso|int)\b\.? ?#?[\w-]{1,6}|,? #\d{1,5}\w?)`;
const SURE =
  'street|avenue|boulevard|road|lane|drive|court|crescent|terrace|highway|parkway|turnpike|cul-de-sac|alley|freeway|motorway|blvd|ave|rd|ln|pkwy|hwy';
const ALSO =
  'st|str|dr|ct|cres|ter|pl|sq|way|place|square|close|row|mews|walk|gardens|grove|hill|park|yard|quay|wharf|parade|rise|vale|view|green|circle|cir|loop|trail|pike|path|bend|crossing|point|heights|gate|promenade|esplanade|plaza|circus|bridge|squares|islands|isle|crossroad|ridge|run|pass|cove|meadows?|forge|mill|landing|glen|coves|roads|streets|drives|lanes|courts';
const TAIL = String.raw`(?:\.|\b)(?: (?:North|South|East|West|NE|NW|SE|SW|[NSEW])\b\.?)?`;

/** 221B Baker Street, 1600 Pennsylvania Avenue NW, 4 Tallow Row */
const ENGLISH = new RegExp(
  String.raw`(?<![\p{L}\d.,$€£#-]|\d )${NUMBER},? (?:(?:North|South|East|West|[NSEW])\b\.? )?(?:(?:${W}|\d{1,3}(?:st|nd|rd|th)) ){1,4}(?:${SURE}|${ALSO})${TAIL}${UNIT}{0,2}`,
  'giu',
);
/** Hauptstraße 12a, Søndergade 52, Kiannonkatu 98, Populierenstraat 374: the street word is the end of the name. */
const GLUED = new RegExp(
  String.raw`(?<![\p{L}\d])\p{Lu}[\p{L}-]{1,30}(?:stra(?:ß|ss)e|str\.|gasse|gässli|weg|allee|platz|ring|damm|ufer|chaussee|steig|stieg|promenade|straat|laan|plein|gracht|kade|singel|dreef|gatan|vägen|gränd|gade|vej|vegen|veien|gata|gate|katu|katu|tie|polku|kuja|stræde|stræti|vegur|braut|gasse|utca|ulica|tänav)\.?,? ${NUMBER}${UNIT}{0,2}`,
  'gu',
);
/** Rua Diadema 1903, ul. Chrzanowska 61, Via Roma 131, Calle de la Luna 4, 12 rue de la Paix */
const LEADING = String.raw`(?:Rua|R\.|Av(?:enida|enue)?\.?|Travessa|Calle|C\/|Plaza|Paseo|Carrer|Via|Viale|Vicolo|Piazza|Piazzetta|Corso|Largo|ul\.|ulica|al\.|pl\.|os\.|rue|avenue|boulevard|bd\.?|place|chemin|impasse|allée|quai|route|cours|Rue|Boulevard|Chemin|Am|An der|Auf der|Zum|Zur|Im|Hoge|Lange|Korte|Quadra)`;
const ROMANCE = new RegExp(
  String.raw`(?<![\p{L}\d])(?:(${NUMBER})(?: (?:bis|ter))?,? )?(${LEADING}) ?((?:(?:de|del|della|delle|dei|di|da|do|dos|das|du|des|la|las|los|le|les|l['’]|d['’])[ ]?){0,3}(?:${W} ?){1,4})(?:,? ?(?:n[°ºo.]{1,2} ?)?(${NUMBER}))?${UNIT}{0,2}`,
  'gu',
);
const BOX =
  /(?<![\p{L}\d])(?:p\.? ?o\.? ?box|post office box|postfach|postbus|postboks|postbox|boîte postale|b\.p\.|apartado(?: de correos)?|apdo\.?|caixa postal|casella postale|box)[ #:]{1,2}\d{1,6}(?!\d)/giu;
const MILITARY =
  /(?<![\p{L}\d])(?:(?:PSC|CMR|Unit) \d{2,5},? Box \d{1,5}|(?:USS|USNS|USNV|USCGC) \p{Lu}[\p{L}]+)(?:\s{1,2}(?:APO|FPO|DPO) (?:AA|AE|AP) \d{5})?|\b(?:APO|FPO|DPO) (?:AA|AE|AP) \d{5}/giu;
const SECONDARY = /(?<![\p{L}\d])(?:apt\.?|apartment|suite|flat)[ #]{1,2}\d{1,5}[a-z]?(?![\p{L}\d])/giu;
const CORNER = new RegExp(String.raw`\bthe corner of (?:\d{1,5} )?(?:${W}(?: \d{1,5})?(?: and)? ?){2,8}`, 'gu');

/** Looked for in the lower-cased text before a pattern runs. */
const ENGLISH_HINT = new RegExp(`\\b(?:${SURE}|${ALSO})\\b`);
const GLUED_HINT =
  /stra(?:ß|ss)e|str\.|gasse|gässli|weg|allee|platz|ring|damm|ufer|chaussee|steig|stieg|promenade|straat|laan|plein|gracht|kade|singel|dreef|gatan|vägen|gränd|gade|vej|vegen|veien|gata|gate|katu|tie|polku|kuja|stræde|stræti|vegur|braut|utca|ulica|tänav/;
const ROMANCE_HINT = new RegExp(String.raw`(?<![\p{L}\d])${LEADING} ?[\p{Lu}dl]`, 'u');
const WORDS =
  /\b(?:address\w*|live[sd]?|living|moved|deliver\w*|ship\w*|sent?|send|mail|visit|located|office|home|house|street|residence|resid\w*|billing|return|meet|taxi|drops?|pick(?:ed)? ?up|restaurant|wohn\w*|adresse|anschrift|adres|dirección|indirizzo|morada|endereço|habite|vivo|abito|at|in|on|near)\b/i;
const STREET_WORD = new RegExp(String.raw`\b(?:${SURE})\b`, 'i');
const NO_STREET =
  /^\d+ (?:days?|hours?|minutes?|seconds?|weeks?|months?|years?|items?|users?|files?|lines?|steps?|points?|people|times|percent|ways?|of|and|or|more|other|different|tests?)\b/i;

export const streetAddressRule: Rule = {
  detector: 'rule:street-address@1',
  triggers: TRIGGER.STREET | TRIGGER.WORD_NUMBER,
  needs: (traits) => traits.digits >= 1,
  find(input) {
    const { text } = input;
    if (!/\d/.test(text)) return [];
    const hits: Hit[] = [];
    const add = (start: number, found: string, score: number, subtype = 'street') => {
      const value = found.trimEnd().replace(/,$/, '');
      const end = start + value.length;
      hits.push({
        start,
        end,
        type: 'ADDRESS',
        score: clip(score + (hasContext(input, start, end, WORDS) ? CONTEXT : 0)),
        subtype,
      });
    };
    const { lower } = input.traits;
    for (const match of ENGLISH_HINT.test(lower) ? text.matchAll(ENGLISH) : []) {
      if (NO_STREET.test(match[0])) continue;
      const isCased = /^[^\p{L}]*(?:\d+[a-zA-Z]? )?\p{Lu}/u.test(match[0].replace(/^\d{1,5}[-/\d]*[a-zA-Z]? ?/, ''));
      const isSure = STREET_WORD.test(match[0]);
      if (!isCased && !isSure) continue;
      add(
        match.index,
        match[0],
        isSure && isCased ? 0.7 : isCased ? (isClosed(text, match.index + match[0].length) ? 0.6 : 0.5) : 0.4,
      );
    }
    for (const match of GLUED_HINT.test(lower) ? text.matchAll(GLUED) : []) add(match.index, match[0], 0.65);
    for (const match of ROMANCE_HINT.test(text) ? text.matchAll(ROMANCE) : []) {
      if (match[1] === undefined && match[4] === undefined) continue;
      const isShort = /^(?:Am|Im|place|route|cours|Hoge|Lange|Korte|Zum|Zur|al\.|os\.|R\.)$/.test(match[2]!);
      add(match.index, match[0], isShort ? 0.4 : 0.65);
    }
    if (/box|postfach|postbus|apartado|postale?|b\.p\.|apdo/.test(lower))
      for (const match of text.matchAll(BOX)) add(match.index, match[0], /^box/i.test(match[0]) ? 0.1 : 0.7, 'box');
    for (const match of /box|[afd]po|us[ns]|uscg/.test(lower) ? text.matchAll(MILITARY) : [])
      add(match.index, match[0], 0.6, 'military');
    for (const match of /apt|apartment|suite|flat/.test(lower) ? text.matchAll(SECONDARY) : [])
      add(match.index, match[0], 0.45, 'unit');
    if (text.includes('the corner of'))
      for (const match of text.matchAll(CORNER)) if (/\d/.test(match[0])) add(match.index, match[0], 0.6, 'corner');
    return hits.filter((hit) => hit.score >= 0.3 && !isCode(input, hit));
  },
};

/** Nothing but the end of a sentence, a line or a part of it follows: "5 Best Way to …" goes on. */
const isClosed = (text: string, end: number): boolean => /^[*_]{0,2}(?:$|[,.;)\n|"'])/.test(text.slice(end, end + 3));

/** `3 Blind Way` in running text is one thing, a path or a call in code another. */
const isCode = (input: RuleText, hit: Hit): boolean =>
  /[({=<>\\]$/.test(input.text.slice(Math.max(0, hit.start - 1), hit.start));
