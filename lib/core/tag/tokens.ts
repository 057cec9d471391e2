/**
 * Length in tokens, estimated without a tokenizer (`tokens@1`): a quarter of a token for an ASCII character, one for a
 * Han, kana or Hangul character, 0.45 for any other. Exact counts of a target model are the release's own.
 */
const isWide = (code: number): boolean =>
  (code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7af);

export function estimateTokens(text: string): number {
  let ascii = 0;
  let wide = 0;
  let other = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) ascii++;
    else if (isWide(code)) wide++;
    // The second half of a surrogate pair belongs to the first.
    else if (code < 0xdc00 || code > 0xdfff) other++;
  }
  return Math.ceil(ascii / 4 + wide + other * 0.45);
}
