/** `spelled`: mailboxes with "at" and "dot", digits as words, letters and digits one by one. */
import { type Change, type View, viewsAround } from './view.ts';

const DOT = String.raw`(?:[\[({<] {0,2})?\b(?:dot|punkt|point|punto|ponto|punt)\b(?: {0,2}[\])}>])?|[\[({<] ?\. ?[\])}>]`;
const AT = /[[({<] {0,2}(?:at|@|arroba) {0,2}[\])}>]|\b(?:at|arroba|arobase|chiocciola|klammeraffe)\b|@/gi;
/** Something "at" something "dot" something: only then do the words mean signs. */
const BEFORE_AT = new RegExp(
  String.raw`(?<![a-z0-9+])[a-z0-9+]{1,40}(?: {0,3}(?:${DOT}|[._-]|underscore|dash) {0,3}[a-z0-9+]{1,40}){0,4} {0,3}$`,
  'i',
);
const BEHIND_AT = new RegExp(String.raw`^ {0,3}[a-z0-9-]{1,40}(?: {0,3}(?:${DOT}|\.) {0,3}[a-z0-9-]{2,24}){1,4}`, 'i');
const SIGNS = new RegExp(String.raw` {0,3}(?:(${DOT})|\b(underscore)\b|\b(dash)\b) {0,3}`, 'gi');
const MAX_MAILBOX = 120;

// biome-ignore format: a table
const DIGIT_WORDS: Record<string, string> = {
  zero: '0', oh: '0', o: '0', nought: '0', one: '1', two: '2', three: '3', four: '4', five: '5', six: '6', seven: '7', eight: '8', nine: '9',
  ten: '10', eleven: '11', twelve: '12', thirteen: '13', fourteen: '14', fifteen: '15', sixteen: '16', seventeen: '17', eighteen: '18', nineteen: '19',
  twenty: '20', thirty: '30', forty: '40', fifty: '50', sixty: '60', seventy: '70', eighty: '80', ninety: '90',
  null: '0', eins: '1', zwei: '2', zwo: '2', drei: '3', vier: '4', fünf: '5', sechs: '6', sieben: '7', acht: '8', neun: '9',
  zéro: '0', un: '1', deux: '2', trois: '3', quatre: '4', cinq: '5', sept: '7', huit: '8', neuf: '9',
  cero: '0', uno: '1', dos: '2', tres: '3', cuatro: '4', cinco: '5', seis: '6', siete: '7', ocho: '8', nueve: '9',
};
const TENS = /^[2-9]0$/;
const TIMES: Record<string, number> = { double: 2, triple: 3, treble: 3 };
const WORDS = Object.keys({ ...DIGIT_WORDS, ...TIMES }).join('|');
/** Four or more digit words in a row. */
const DIGIT_RUN = new RegExp(
  String.raw`(?<![\p{L}\d])(?:(?:${WORDS}|\d{1,4})[ ,.\-]{1,3}){3,40}(?:${WORDS}|\d{1,4})(?![\p{L}\d])`,
  'giu',
);
const DIGIT_WORD_NEAR =
  /\b(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine|double|triple|null|eins|zwei|zwo|drei|vier|sechs|sieben|acht|neun|deux|trois|quatre|cinq|sept|huit|neuf|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)[ ,.-]{1,3}(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine|double|triple|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun|zéro|deux|trois|quatre|cinq|sept|huit|neuf|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)\b/;
/** Single letters or digits with one and the same separator. */
const ONE_BY_ONE = /(?<![\p{L}\d])[\p{L}\d]([ .\-_*|,]{1,2})[\p{L}\d](?:\1[\p{L}\d@]){2,40}(?![\p{L}\d])/gu;

export function spelledViews(parent: View): View[] {
  return [...mailboxViews(parent), ...digitViews(parent), ...(parent.traits.singles >= 4 ? oneByOneViews(parent) : [])];
}

function mailboxViews(parent: View): View[] {
  const { text } = parent;
  if (!/\b(?:dot|punkt|point|punto|ponto|punt)\b|[[({<] ?(?:at|@|\.) ?[\])}>]/.test(parent.traits.lower)) return [];
  const changes: Change[] = [];
  let last = 0;
  for (const at of text.matchAll(AT)) {
    const end = at.index + at[0].length;
    const behind = BEHIND_AT.exec(text.slice(end, end + MAX_MAILBOX));
    const before = behind && BEFORE_AT.exec(text.slice(Math.max(last, at.index - MAX_MAILBOX), at.index));
    if (!before || !behind || (/^at$/i.test(at[0]) && /\b(?:point|punt)\b/i.test(behind[0]))) continue;
    const start = at.index - before[0].length;
    const blanks = / *$/.exec(before[0])![0].length;
    signs(before[0].slice(0, before[0].length - blanks), start);
    const leading = /^ */.exec(behind[0])![0].length;
    changes.push({ start: at.index - blanks, end: end + leading, text: '@' });
    signs(behind[0].slice(leading), end + leading);
    last = end + behind[0].length;
  }
  return viewsAround(parent, changes, 'spelled');

  function signs(part: string, start: number): void {
    for (const sign of part.matchAll(SIGNS)) {
      const read = sign[1] !== undefined ? '.' : sign[2] !== undefined ? '_' : '-';
      changes.push({ start: start + sign.index, end: start + sign.index + sign[0].length, text: read });
    }
  }
}

function digitViews(parent: View): View[] {
  const { text } = parent;
  if (!DIGIT_WORD_NEAR.test(parent.traits.lower)) return [];
  const changes: Change[] = [];
  for (const run of text.matchAll(DIGIT_RUN)) {
    const read = readDigits(run[0]);
    if (read.length >= 4 && (run[0].match(/\p{L}+/gu)?.length ?? 0) >= 3)
      changes.push({ start: run.index, end: run.index + run[0].length, text: read });
  }
  return viewsAround(parent, changes, 'spelled');
}

/** "double seven" is 77, "seventy-seven" is 77, "oh two oh" is 020. */
function readDigits(run: string): string {
  let read = '';
  let times = 1;
  let tens = '';
  for (const word of run.toLowerCase().split(/[ ,.-]+/)) {
    if (TIMES[word] !== undefined) {
      times = TIMES[word]!;
      continue;
    }
    const digits = DIGIT_WORDS[word] ?? word;
    if (tens !== '' && digits.length === 1 && digits !== '0') {
      read += tens[0]! + digits;
      tens = '';
    } else {
      read += tens;
      tens = TENS.test(digits) ? digits : '';
      if (tens === '') read += digits.repeat(times);
    }
    times = 1;
  }
  return read + tens;
}

function oneByOneViews(parent: View): View[] {
  const changes: Change[] = [];
  for (const run of parent.text.matchAll(ONE_BY_ONE)) {
    const read = run[0].replaceAll(run[1]!, '');
    if (read.length >= 4) changes.push({ start: run.index, end: run.index + run[0].length, text: read });
  }
  return viewsAround(parent, changes, 'spelled');
}
