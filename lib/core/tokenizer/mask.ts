/**
 * Which tokens the loss covers: of each span of the assistant, those from the token that holds its first character to
 * the one that holds its last, as transformers' `return_assistant_tokens_mask` has it; labels are −100 elsewhere.
 */
import type { Tokens } from './tokenizer.ts';

/** What loss functions pass over. */
export const IGNORED_LABEL = -100;

/** For each UTF-16 place asked for (in rising order), the first token that holds it; −1 where none does. */
function holder(tokens: Tokens, place: number): number {
  let low = 0;
  let high = tokens.ids.length - 1;
  // The first token that ends behind the place.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens.ends[middle]! > place) high = middle;
    else low = middle + 1;
  }
  return high >= 0 && tokens.starts[low]! <= place && place < tokens.ends[low]! ? low : -1;
}

/** UTF-16 places of code point offsets of a text. */
function unitsOf(text: string, points: readonly number[]): Map<number, number> {
  const wanted = [...new Set(points)].sort((a, b) => a - b);
  const units = new Map<number, number>();
  let unit = 0;
  let point = 0;
  for (const one of wanted) {
    while (point < one && unit < text.length) {
      unit += text.codePointAt(unit)! > 0xffff ? 2 : 1;
      point++;
    }
    units.set(one, unit);
  }
  return units;
}

/** @param spans in code points, half open @returns 1 for every token that is trained on */
export function lossMask(text: string, tokens: Tokens, spans: readonly (readonly [number, number])[]): Uint8Array {
  const mask = new Uint8Array(tokens.ids.length);
  const units = unitsOf(
    text,
    spans.flatMap(([start, end]) => [start, Math.max(start, end - 1)]),
  );
  for (const [start, end] of spans) {
    if (end <= start) continue;
    const first = holder(tokens, units.get(start)!);
    const last = holder(tokens, units.get(end - 1)!);
    if (first >= 0) mask.fill(1, first, last >= 0 ? last + 1 : undefined);
  }
  return mask;
}

export function labels(tokens: Tokens, mask: Uint8Array): Int32Array {
  return tokens.ids.map((id, at) => (mask[at] === 1 ? id : IGNORED_LABEL));
}
