/** `percent`: URL encoding of UTF-8, up to three times over, and `+` for a blank behind a `?`. */
import { type Change, type View, viewsAround } from './view.ts';

const ROUNDS = 3;
/** One encoded stretch; `%25` in front of two hex digits is the next round's. */
const STRETCH = /(?:%(?:25){0,2}[0-9a-fA-F]{2})+/g;
const QUERY = /\?[^\s"'<>]*\+[^\s"'<>]*/g;

export function percentViews(parent: View): View[] {
  const { text } = parent;
  if (!text.includes('%') && !QUERY.test(text)) return [];
  QUERY.lastIndex = 0;
  const changes: Change[] = [];
  for (const match of text.matchAll(STRETCH)) {
    const decoded = decodeRounds(match[0]);
    if (decoded !== undefined) changes.push({ start: match.index, end: match.index + match[0].length, text: decoded });
  }
  for (const query of text.matchAll(QUERY))
    for (
      let at = text.indexOf('+', query.index);
      at >= 0 && at < query.index + query[0].length;
      at = text.indexOf('+', at + 1)
    )
      changes.push({ start: at, end: at + 1, text: ' ' });
  changes.sort((a, b) => a.start - b.start);
  return viewsAround(parent, changes, 'percent');
}

function decodeRounds(encoded: string): string | undefined {
  let text = encoded;
  for (let round = 0; round < ROUNDS; round++) {
    try {
      const decoded = decodeURIComponent(text);
      if (decoded === text) break;
      text = decoded;
    } catch {
      break;
    }
  }
  return text === encoded ? latin1(encoded) : text;
}

/** `%E9` alone is no UTF-8; older systems wrote Latin-1. */
function latin1(encoded: string): string | undefined {
  return encoded.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
