/** Offsets: strings count UTF-16 units, spans count code points; a lone surrogate counts as one. */

const SURROGATE = /[\ud800-\udfff]/;

/** Turns UTF-16 offsets of a text into code points. An offset inside a pair becomes that of the pair's start. */
export function codePointsOf(text: string): (offset: number) => number {
  if (!SURROGATE.test(text)) return (offset) => offset;
  const before = new Uint32Array(text.length + 1);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    before[i] = count;
    if (text.codePointAt(i)! > 0xffff) before[++i] = count;
    count++;
  }
  before[text.length] = count;
  return (offset) => before[Math.min(offset, text.length)]!;
}
