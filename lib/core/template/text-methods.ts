/** The methods of `str`. Marked text gives marked text back and escapes what goes into it. */
import { bind, index, indexOr, places, text } from './arguments.ts';
import { MAX_TEXT, tooLarge } from './arithmetic.ts';
import { sliceRange, sliceText } from './slices.ts';
import { escapeHtml, isSpace, trim, trimEnd, trimStart } from './text.ts';
import * as unicode from './unicode.ts';
import {
  countPoints,
  Dict,
  type Keywords,
  Markup,
  Tuple,
  textOf,
  toList,
  typeError,
  typeName,
  type Value,
  valueError,
} from './values.ts';

export type TextMethod = (self: string, args: Value[], keywords: Keywords | null) => Value;

function stripper(name: string, plain: (text: string) => string, start: boolean, end: boolean): TextMethod {
  return (self, args, keywords) => {
    const [chars = null] = places(name, 0, 1, args, keywords);
    if (chars === null) return plain(self);
    const set = new Set(text(chars, `${name} arg`));
    const points = [...self];
    let from = 0;
    let to = points.length;
    if (start) while (from < to && set.has(points[from]!)) from++;
    if (end) while (to > from && set.has(points[to - 1]!)) to--;
    return points.slice(from, to).join('');
  };
}

/** Splits at runs of white space, at most so often. */
function splitSpace(self: string, most: number, fromRight: boolean): string[] {
  const parts: string[] = [];
  if (fromRight) {
    let end = self.length;
    for (;;) {
      while (end > 0 && isSpace(self.charCodeAt(end - 1))) end--;
      if (end === 0) break;
      if (parts.length === most) {
        parts.push(self.slice(0, end));
        break;
      }
      let start = end;
      while (start > 0 && !isSpace(self.charCodeAt(start - 1))) start--;
      parts.push(self.slice(start, end));
      end = start;
    }
    return parts.reverse();
  }
  let at = 0;
  for (;;) {
    while (at < self.length && isSpace(self.charCodeAt(at))) at++;
    if (at === self.length) break;
    if (parts.length === most) {
      parts.push(self.slice(at));
      break;
    }
    const start = at;
    while (at < self.length && !isSpace(self.charCodeAt(at))) at++;
    parts.push(self.slice(start, at));
  }
  return parts;
}

function splitAt(self: string, separator: string, most: number, fromRight: boolean): string[] {
  const parts = self.split(separator);
  if (parts.length - 1 <= most) return parts;
  if (fromRight) {
    const cut = parts.length - most;
    return [parts.slice(0, cut).join(separator), ...parts.slice(cut)];
  }
  return [...parts.slice(0, most), parts.slice(most).join(separator)];
}

const splitter =
  (name: string, fromRight: boolean): TextMethod =>
  (self, args, keywords) => {
    const [separator = null, maxsplit] = bind(name, ['sep', 'maxsplit'], 0, args, keywords);
    const limit = indexOr(maxsplit, -1);
    const most = limit < 0 ? Number.POSITIVE_INFINITY : limit;
    if (separator === null) return splitSpace(self, most, fromRight);
    const mark = text(separator);
    if (mark === '') throw valueError('empty separator');
    return splitAt(self, mark, most, fromRight);
  };

const LINE_ENDS = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

export function splitLines(self: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const match of self.matchAll(LINE_ENDS)) {
    const to = match.index + match[0].length;
    lines.push(self.slice(from, keepEnds ? to : match.index));
    from = to;
  }
  if (from < self.length) lines.push(self.slice(from));
  return lines;
}

/** The part from `start` to `end` that a search looks at, and where it begins; undefined: start is behind the end. */
function window(
  self: string,
  start: Value | undefined,
  end: Value | undefined,
): { part: string; from: number } | undefined {
  if ((start ?? null) === null && (end ?? null) === null) return { part: self, from: 0 };
  const size = countPoints(self);
  const { from, to } = sliceRange(size, start ?? null, end ?? null, 1);
  if (from > to || (typeof start === 'number' && start > size)) return undefined;
  return { part: sliceText(self, from, to, 1), from };
}

function finder(name: string, last: boolean, raises: boolean): TextMethod {
  return (self, args, keywords) => {
    const [part, start, end] = places(name, 1, 3, args, keywords);
    const wanted = text(part!);
    const looked = window(self, start, end);
    const at = looked ? (last ? looked.part.lastIndexOf(wanted) : looked.part.indexOf(wanted)) : -1;
    if (at >= 0) return looked!.from + countPoints(looked!.part.slice(0, at));
    if (raises) throw valueError('substring not found');
    return -1;
  };
}

function edge(name: string, fits: (self: string, part: string) => boolean): TextMethod {
  return (self, args, keywords) => {
    const [part, start, end] = places(name, 1, 3, args, keywords);
    const looked = window(self, start, end);
    const test = (one: Value) => {
      const wanted = textOf(one);
      if (wanted === undefined) {
        throw typeError(`${name} first arg must be str or a tuple of str, not ${typeName(one)}`);
      }
      return looked !== undefined && fits(looked.part, wanted);
    };
    return part instanceof Tuple ? part.items.some(test) : test(part!);
  };
}

export function replaceText(self: string, from: string, to: string, count: number): string {
  if (count === 0) return self;
  let replaced: string;
  if (from === '') {
    const points = [...self];
    const most = count < 0 ? points.length + 1 : Math.min(count, points.length + 1);
    replaced = points.map((char, at) => (at < most ? to + char : char)).join('') + (most > points.length ? to : '');
  } else {
    const parts = splitAt(self, from, count < 0 ? Number.POSITIVE_INFINITY : count, false);
    if (self.length + parts.length * to.length > MAX_TEXT) throw tooLarge();
    replaced = parts.join(to);
  }
  if (replaced.length > MAX_TEXT) throw tooLarge();
  return replaced;
}

export function capitalize(self: string): string {
  const [first = ''] = self;
  return unicode.titleForm(first) + lower(self).slice(lower(first).length);
}

/** Python and JavaScript both know the final sigma, but Python decides it on the whole text. */
const lower = (self: string): string => self.toLowerCase();

export function titleCase(self: string): string {
  let out = '';
  let inWord = false;
  const lowered = [...self];
  for (const char of lowered) {
    const cased = unicode.isCased(char);
    out += cased ? (inWord ? char.toLowerCase() : unicode.titleForm(char)) : char;
    inWord = cased;
  }
  return out;
}

const every = (test: (char: string) => boolean): TextMethod => {
  return (self, args, keywords) => {
    places('is', 0, 0, args, keywords);
    return self !== '' && [...self].every(test);
  };
};

const casedAs = (
  wanted: (char: string) => boolean,
  unwanted: (char: string) => boolean,
): ((self: string) => boolean) => {
  return (self) => {
    const points = [...self];
    return points.some(wanted) && !points.some(unwanted);
  };
};

export const isLowerText = casedAs(unicode.isLower, (char) => unicode.isUpper(char) || unicode.isTitle(char));
export const isUpperText = casedAs(unicode.isUpper, (char) => unicode.isLower(char) || unicode.isTitle(char));

function isTitleText(self: string): boolean {
  let inWord = false;
  let any = false;
  for (const char of self) {
    if (unicode.isUpper(char) || unicode.isTitle(char)) {
      if (inWord) return false;
      inWord = any = true;
    } else if (unicode.isLower(char)) {
      if (!inWord) return false;
      any = true;
    } else inWord = false;
  }
  return any;
}

function padder(name: string, align: 'left' | 'right' | 'both'): TextMethod {
  return (self, args, keywords) => {
    const [width, fill = ' '] = places(name, 1, 2, args, keywords);
    return padText(self, index(width!), text(fill), align);
  };
}

export function padText(self: string, width: number, fill: string, align: 'left' | 'right' | 'both'): string {
  if (countPoints(fill) !== 1) throw typeError('The fill character must be exactly one character long');
  const missing = width - countPoints(self);
  if (missing <= 0) return self;
  if (missing > MAX_TEXT) throw tooLarge();
  if (align === 'left') return self + fill.repeat(missing);
  if (align === 'right') return fill.repeat(missing) + self;
  // CPython's rule for an odd remainder.
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + self + fill.repeat(missing - left);
}

const none = (name: string, change: (self: string) => Value): TextMethod => {
  return (self, args, keywords) => {
    places(name, 0, 0, args, keywords);
    return change(self);
  };
};

function partition(name: string, last: boolean): TextMethod {
  return (self, args, keywords) => {
    const mark = text(places(name, 1, 1, args, keywords)[0]!);
    if (mark === '') throw valueError('empty separator');
    const at = last ? self.lastIndexOf(mark) : self.indexOf(mark);
    if (at < 0) return new Tuple(last ? ['', '', self] : [self, '', '']);
    return new Tuple([self.slice(0, at), mark, self.slice(at + mark.length)]);
  };
}

function count(self: string, args: Value[], keywords: Keywords | null): Value {
  const [part, start, end] = places('count', 1, 3, args, keywords);
  const wanted = text(part!);
  const looked = window(self, start, end);
  if (!looked) return 0;
  return wanted === '' ? countPoints(looked.part) + 1 : looked.part.split(wanted).length - 1;
}

function join(self: string, args: Value[], keywords: Keywords | null): Value {
  const [list] = places('join', 1, 1, args, keywords);
  const parts = toList(list!).map((item) => {
    const part = textOf(item);
    if (part === undefined) throw typeError(`sequence item: expected str instance, ${typeName(item)} found`);
    return part;
  });
  return joinText(self, parts);
}

export function joinText(self: string, parts: string[]): string {
  let size = self.length * parts.length;
  for (const part of parts) size += part.length;
  if (size > MAX_TEXT) throw tooLarge();
  return parts.join(self);
}

function zfill(self: string, args: Value[], keywords: Keywords | null): Value {
  const width = index(places('zfill', 1, 1, args, keywords)[0]!);
  const missing = width - countPoints(self);
  if (missing <= 0) return self;
  if (missing > MAX_TEXT) throw tooLarge();
  const sign = /^[+-]/.exec(self)?.[0] ?? '';
  return sign + '0'.repeat(missing) + self.slice(sign.length);
}

function expandTabs(self: string, args: Value[], keywords: Keywords | null): Value {
  const size = indexOr(bind('expandtabs', ['tabsize'], 0, args, keywords)[0], 8);
  let column = 0;
  let out = '';
  for (const char of self) {
    if (char === '\t') {
      const spaces = size > 0 ? size - (column % size) : 0;
      out += ' '.repeat(spaces);
      column += spaces;
    } else {
      out += char;
      column = char === '\n' || char === '\r' ? 0 : column + 1;
    }
    if (out.length > MAX_TEXT) throw tooLarge();
  }
  return out;
}

function translate(self: string, args: Value[], keywords: Keywords | null): Value {
  const [table] = places('translate', 1, 1, args, keywords);
  if (!(table instanceof Dict)) throw typeError(`'${typeName(table!)}' object is not a translation table`);
  return [...self]
    .map((char) => {
      const found = table.get(char.codePointAt(0)!);
      if (found === undefined) return char;
      if (found === null) return '';
      return typeof found === 'number' ? String.fromCodePoint(found) : text(found);
    })
    .join('');
}

const isIdentifierText = (self: string) => /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(self);

export const TEXT_METHODS: ReadonlyMap<string, TextMethod> = new Map<string, TextMethod>([
  ['strip', stripper('strip', trim, true, true)],
  ['lstrip', stripper('lstrip', trimStart, true, false)],
  ['rstrip', stripper('rstrip', trimEnd, false, true)],
  ['split', splitter('split', false)],
  ['rsplit', splitter('rsplit', true)],
  [
    'splitlines',
    (self, args, keywords) => {
      const [keep = false] = bind('splitlines', ['keepends'], 0, args, keywords);
      return splitLines(self, index(keep) !== 0);
    },
  ],
  ['startswith', edge('startswith', (self, part) => self.startsWith(part))],
  ['endswith', edge('endswith', (self, part) => self.endsWith(part))],
  [
    'replace',
    (self, args, keywords) => {
      const [from, to, most = -1] = places('replace', 2, 3, args, keywords);
      return replaceText(self, text(from!), text(to!), index(most));
    },
  ],
  ['find', finder('find', false, false)],
  ['rfind', finder('rfind', true, false)],
  ['index', finder('index', false, true)],
  ['rindex', finder('rindex', true, true)],
  ['count', count],
  ['join', join],
  ['upper', none('upper', (self) => self.toUpperCase())],
  ['lower', none('lower', lower)],
  [
    'casefold',
    none('casefold', (self) =>
      // Letter by letter: no final sigma, and the dotless i stays.
      [...self].map((char) => (char === 'ı' ? char : char.toUpperCase().toLowerCase())).join(''),
    ),
  ],
  ['title', none('title', titleCase)],
  ['capitalize', none('capitalize', capitalize)],
  [
    'swapcase',
    none('swapcase', (self) =>
      [...self]
        .map((char) => (unicode.isUpper(char) ? char.toLowerCase() : unicode.isLower(char) ? char.toUpperCase() : char))
        .join(''),
    ),
  ],
  [
    'removeprefix',
    (self, args, keywords) => {
      const part = text(places('removeprefix', 1, 1, args, keywords)[0]!);
      return self.startsWith(part) ? self.slice(part.length) : self;
    },
  ],
  [
    'removesuffix',
    (self, args, keywords) => {
      const part = text(places('removesuffix', 1, 1, args, keywords)[0]!);
      return part !== '' && self.endsWith(part) ? self.slice(0, -part.length) : self;
    },
  ],
  ['isdigit', every(unicode.isDigit)],
  ['isdecimal', every(unicode.isDecimal)],
  ['isnumeric', every(unicode.isNumeric)],
  ['isalpha', every(unicode.isAlpha)],
  ['isalnum', every((char) => unicode.isAlpha(char) || unicode.isNumeric(char) || unicode.isDigit(char))],
  ['isspace', every((char) => char.length === 1 && isSpace(char.charCodeAt(0)))],
  ['isascii', none('isascii', (self) => !/[^\0-\u007f]/.test(self))],
  ['isprintable', none('isprintable', unicode.isPrintable)],
  ['isidentifier', none('isidentifier', isIdentifierText)],
  ['isupper', none('isupper', isUpperText)],
  ['islower', none('islower', isLowerText)],
  ['istitle', none('istitle', isTitleText)],
  ['zfill', zfill],
  ['center', padder('center', 'both')],
  ['ljust', padder('ljust', 'left')],
  ['rjust', padder('rjust', 'right')],
  ['partition', partition('partition', false)],
  ['rpartition', partition('rpartition', true)],
  ['expandtabs', expandTabs],
  ['translate', translate],
]);

/** Arguments of these go into the text, so marked text escapes them. */
const TAKES_TEXT: Record<string, (args: Value[]) => Value[]> = {
  join: ([list, ...rest]) => (list === undefined ? rest : [toList(list).map(escapeHtml), ...rest]),
  replace: ([from, to, ...rest]) => (to === undefined ? [from!] : [from!, escapeHtml(to), ...rest]),
};

const mark = (value: Value): Value => {
  if (typeof value === 'string') return new Markup(value);
  if (Array.isArray(value)) return value.map(mark);
  return value instanceof Tuple ? new Tuple(value.items.map(mark)) : value;
};

/** Calls a method on marked text. */
export function callMarked(
  name: string,
  method: TextMethod,
  self: Markup,
  args: Value[],
  keywords: Keywords | null,
): Value {
  const given = TAKES_TEXT[name]?.(args) ?? args;
  return mark(method(self.text, given, keywords));
}
