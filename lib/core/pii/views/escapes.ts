/**
 * `escapes`: what programs write for a character: `\u0040`, `\x40`, `\100`, `\n`, a backslash before punctuation (in
 * regular expressions), a backslash at a line end, and quotes that a shell or a concatenation closes and reopens.
 */
import { type Change, type View, viewsAround } from './view.ts';

const ESCAPE =
  /(?<!\\)\\+(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([0-3][0-7]{2})|([nrt])|\r?\n([ \t]*)|([.@\-/_+"':]))|(?<=[\w.@])(?:''|""|'"'"')(?=[\w.@])|["'] ?[+.] ?["']/g;
const WORTH_IT = /\\|''|""|["'] ?[+.] ?["']/;

export function escapeViews(parent: View): View[] {
  return WORTH_IT.test(parent.text) ? viewsAround(parent, changesIn(parent.text), 'escapes') : [];
}

function changesIn(text: string): Change[] {
  const changes: Change[] = [];
  for (const match of text.matchAll(ESCAPE)) {
    const [whole, braced, four, eight, two, octal, blank, lineEnd, plain] = match;
    const hex = braced ?? four ?? eight ?? two;
    let read = '';
    if (hex !== undefined || octal !== undefined) {
      const code = hex === undefined ? Number.parseInt(octal!, 8) : Number.parseInt(hex, 16);
      if (code > 0x10ffff) continue;
      read = String.fromCodePoint(code);
    } else if (blank !== undefined) read = blank === 't' ? '\t' : '\n';
    else if (lineEnd === undefined && plain !== undefined) read = plain;
    changes.push({ start: match.index, end: match.index + whole.length, text: read });
  }
  return changes;
}
