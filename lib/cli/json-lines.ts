/** One line of a stream: its parsed value, or `bad` when it isn't JSON. Lines count from 1; blank ones are left out. */
export type JsonLine = { line: number; value: unknown; bad?: never } | { line: number; bad: true; value?: never };

/**
 * Reads JSON Lines as they arrive. Only LF and CR LF end a line (`readline` would also cut at U+2028, which JSON
 * strings may hold); a UTF-8 byte order mark is skipped.
 */
export async function* readJsonLines(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<JsonLine> {
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
      if (part.trim() !== '') yield parseLine(part, line);
    }
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield parseLine(rest, line + 1);
}

function parseLine(text: string, line: number): JsonLine {
  try {
    return { line, value: JSON.parse(text) };
  } catch {
    return { line, bad: true };
  }
}
