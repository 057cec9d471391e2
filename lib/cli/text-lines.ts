/**
 * Lines of a stream as they arrive, as text: for commands that give a record back as it was written. Only LF and CR LF
 * end a line; a UTF-8 byte order mark is skipped, blank lines are left out. Lines count from 1.
 */
export async function* readTextLines(
  stream: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<{ line: number; text: string }> {
  const decoder = new TextDecoder();
  let line = 0;
  let rest = '';
  for await (const chunk of stream) {
    const parts = (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })).split('\n');
    parts[0] = rest + parts[0]!;
    rest = parts.pop()!;
    for (const part of parts) {
      line++;
      const text = part.endsWith('\r') ? part.slice(0, -1) : part;
      if (text.trim() !== '') yield { line, text };
    }
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield { line: line + 1, text: rest };
}
