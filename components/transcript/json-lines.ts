/**
 * Compact JSON in a log, laid out in lines without touching its text: each line is a range of the same string, so
 * offsets hold. Not a parser: text that is not JSON, or is laid out already, is left alone.
 */
export type JsonLine = { start: number; end: number; depth: number };

const SHORT = 60;
const DEEPEST = 12;

/** @returns UTF-16 ranges that cover the text, or null to show it as it is */
export function layOutJson(text: string): JsonLine[] | null {
  const trimmed = text.trimStart();
  if (!/^[[{]/.test(trimmed) || text.length < SHORT || text.includes('\n')) return null;
  const closeOf = new Map<number, number>();
  const stack: number[] = [];
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (inString) {
      if (sign === '\\') at++;
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = true;
    else if (sign === '{' || sign === '[') stack.push(at);
    else if (sign === '}' || sign === ']') {
      const open = stack.pop();
      if (open === undefined) return null;
      closeOf.set(open, at);
    }
  }
  if (stack.length > 0 || inString) return null;

  const lines: JsonLine[] = [];
  let start = 0;
  let depth = 0;
  const end = (at: number, next: number) => {
    if (at > start) lines.push({ start, end: at, depth: Math.min(depth, DEEPEST) });
    start = at;
    depth = next;
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (inString) {
      if (sign === '\\') at++;
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = true;
    else if (sign === '{' || sign === '[') {
      const close = closeOf.get(at) as number;
      // A short value stays on its line.
      if (close - at < SHORT) at = close;
      else end(at + 1, depth + 1);
    } else if (sign === ',') end(at + 1, depth);
    else if (sign === '}' || sign === ']') end(at, depth - 1);
  }
  end(text.length, 0);
  return lines;
}
