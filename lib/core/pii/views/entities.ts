/** `entities`: numeric and named references of HTML and XML, also doubly escaped (`&amp;#64;`). */
import { type Change, type View, viewsAround } from './view.ts';

// biome-ignore format: a table
const NAMED: Record<string, string> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', commat: '@', period: '.', num: '#', colon: ':', sol: '/',
  bsol: '\\', lowbar: '_', hyphen: '-', dash: '-', minus: '-', ndash: '-', mdash: '-', plus: '+', equals: '=', comma: ',', semi: ';',
  lpar: '(', rpar: ')', lsqb: '[', rsqb: ']', lbrack: '[', rbrack: ']', excl: '!', quest: '?', percnt: '%', ast: '*', dollar: '$',
  verbar: '|', vert: '|', grave: '`', Hat: '^', lcub: '{', rcub: '}', Tab: '\t', NewLine: '\n', shy: '', zwnj: '', zwj: '', ensp: ' ',
  emsp: ' ', thinsp: ' ', lsquo: "'", rsquo: "'", ldquo: '"', rdquo: '"', hellip: '...', middot: '·', copy: '©', reg: '®', euro: '€',
  pound: '£', yen: '¥', szlig: 'ß', aelig: 'æ', AElig: 'Æ', oelig: 'œ', OElig: 'Œ', oslash: 'ø', Oslash: 'Ø', aring: 'å', Aring: 'Å',
  ccedil: 'ç', Ccedil: 'Ç', ntilde: 'ñ', Ntilde: 'Ñ', eth: 'ð', ETH: 'Ð', thorn: 'þ', THORN: 'Þ', lstrok: 'ł', Lstrok: 'Ł',
};
const ACCENTS: Record<string, string> = {
  acute: '\u0301',
  grave: '\u0300',
  circ: '\u0302',
  uml: '\u0308',
  tilde: '\u0303',
  caron: '\u030c',
};
const REFERENCE = /&(?:amp;)?(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,10}))(;?)/g;

export function entityViews(parent: View): View[] {
  if (!parent.text.includes('&')) return [];
  const changes: Change[] = [];
  for (const match of parent.text.matchAll(REFERENCE)) {
    const text = readReference(match);
    if (text !== undefined) changes.push({ start: match.index, end: match.index + match[0].length, text });
  }
  return viewsAround(parent, changes, 'entities');
}

function readReference([, decimal, hex, name, semicolon]: RegExpMatchArray): string | undefined {
  if (name === undefined) {
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  }
  if (semicolon === '') return undefined;
  if (Object.hasOwn(NAMED, name)) return NAMED[name];
  const accent = Object.entries(ACCENTS).find(([suffix]) => name.length === suffix.length + 1 && name.endsWith(suffix));
  return accent === undefined ? undefined : (name[0]! + accent[1]).normalize('NFC');
}
