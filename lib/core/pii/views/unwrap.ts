/**
 * `unwrap`: what layout puts inside a value: line ends (with the marks of a quoted reply), hyphenation, Markdown
 * emphasis. A line end is only read away where a value may go on behind it.
 */
import { hasAny, maskOf } from '../traits.ts';
import { type Change, type View, viewsAround } from './view.ts';

/** A line end with quote, comment or table marks at the start of the next line. */
const LINE_END = /\r?\n[ \t]*(?:[>|*#] ?){0,4}/g;
const EMPHASIS =
  /(?<=[\p{L}\d@.])(?:\*{1,3}|`|~~)(?=[\p{L}\d@.])|(?:\*{1,3}|`|~~|(?<!\w)_{1,2})(?=[\p{L}\d])|(?<=[\p{L}\d.,])(?:\*{1,3}|`|~~|_{1,2}(?!\w))/gu;
const EMPHASIS_MARKS = maskOf('*`_~');
const AT = maskOf('@');
const VALUE_NEAR = /[@\d]/;

export function unwrapViews(parent: View): View[] {
  return [...joinLines(parent), ...stripEmphasis(parent)];
}

function joinLines(parent: View): View[] {
  const { text } = parent;
  if (!parent.traits.hasLines) return [];
  const changes: Change[] = [];
  let last = 0;
  for (const match of text.matchAll(LINE_END)) {
    const end = match.index + match[0].length;
    let start = match.index;
    while (start > last && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
    if (start < last) continue;
    const read = joinOf(tailOf(text, start), headOf(text, end));
    if (read === undefined) continue;
    changes.push({ start: read === 'hyphen' ? start - 1 : start, end, text: read === 'blank' ? ' ' : '' });
    last = end;
  }
  return viewsAround(parent, changes, 'unwrap');
}

const MAX_TOKEN = 64;

function tailOf(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < MAX_TOKEN && text.charCodeAt(start - 1) > 0x20) start--;
  return text.slice(start, end);
}

function headOf(text: string, start: number): string {
  let end = start;
  while (end < text.length && end - start < MAX_TOKEN && text.charCodeAt(end) > 0x20) end++;
  return text.slice(start, end);
}

/** How a token at a line's end and one at the next line's start would read as one; undefined when they are two. */
function joinOf(tail: string, head: string): 'glued' | 'hyphen' | 'blank' | undefined {
  if (tail === '' || head === '') return undefined;
  if (/[\p{Ll}]-$/u.test(tail) && /^\p{Ll}/u.test(head)) return 'hyphen';
  // prose: neither side shows a sign or a digit
  if (!/[@\d/]/.test(tail) && !/[@\d]/.test(head)) return undefined;
  const at = tail.lastIndexOf('@');
  if (
    at >= 0 &&
    /^[\w.-]*$/.test(tail.slice(at + 1)) &&
    (/[.@-]$/.test(tail) || head.startsWith('.') || !tail.slice(at).includes('.'))
  )
    return /^[\w.-]/.test(head) ? 'glued' : undefined;
  if (/^[\w.+-]*@\w/.test(head) && /[\w.+-]$/.test(tail) && (/[._+-]$/.test(tail) || head.startsWith('@')))
    return 'glued';
  if (/:\/\/\S{6,}[/?&=%_-]$/.test(tail)) return 'glued';
  if (/^[A-Za-z0-9_+/-]{20,}$/.test(tail) && /^[A-Za-z0-9_+/-]{4,}=*$/.test(head) && /\d/.test(tail)) return 'glued';
  if (/[\d)][-.]?$/.test(tail) && /^[(\d]/.test(head) && !/^\d{1,2}[.)]$/.test(head))
    return /[-.]$/.test(tail) ? 'glued' : 'blank';
  return undefined;
}

function stripEmphasis(parent: View): View[] {
  const { text } = parent;
  if (!hasAny(parent.traits, EMPHASIS_MARKS) || (parent.traits.digits === 0 && !hasAny(parent.traits, AT))) return [];
  const changes: Change[] = [];
  for (const match of text.matchAll(EMPHASIS)) {
    const end = match.index + match[0].length;
    if (
      VALUE_NEAR.test(text.slice(Math.max(0, match.index - 16), match.index)) ||
      VALUE_NEAR.test(text.slice(end, end + 16))
    )
      changes.push({ start: match.index, end, text: '' });
  }
  return viewsAround(parent, changes, 'unwrap');
}
