/** One line of a stream: its parsed value, or `bad` when it isn't JSON. Lines count from 1; blank ones are left out. */
export type JsonLine = { line: number; value: unknown; bad?: never } | { line: number; bad: true; value?: never };

const parseJsonText = (text: string): unknown => JSON.parse(text);

/**
 * Reads JSON Lines as they arrive. Only LF and CR LF end a line (`readline` would also cut at U+2028, which JSON
 * strings may hold); a UTF-8 byte order mark is skipped.
 * @param parse throws on what is no JSON; another one than `JSON.parse` where number literals must survive
 */
export async function* readJsonLines(
  stream: AsyncIterable<Uint8Array | string>,
  parse: (text: string) => unknown = parseJsonText,
): AsyncGenerator<JsonLine> {
  const decoder = new TextDecoder();
  let line = 0;
  let rest = '';
  for await (const chunk of stream) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const parts = text.split('\n');
    parts[0] = rest + parts[0];
    rest = parts.pop()!;
    for (const part of parts) {
      line++;
      if (part.trim() !== '') yield parseLine(part, line, parse);
    }
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield parseLine(rest, line + 1, parse);
}

function parseLine(text: string, line: number, parse: (text: string) => unknown): JsonLine {
  try {
    return { line, value: parse(text) };
  } catch {
    return { line, bad: true };
  }
}
