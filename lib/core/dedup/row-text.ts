/** What of a row is compared: what people asked. System texts and tool schemas would make all rows of one agent alike. */

/**
 * @param row a line `{"id","text"}`, a row with `messages`, or a preference row with `prompt`
 * @returns the text itself, or the user messages joined by LF; null when the row is none of these
 */
export function promptText(row: unknown): string | null {
  if (typeof row !== 'object' || row === null) return null;
  const { text, messages, prompt } = row as Record<string, unknown>;
  if (typeof text === 'string') return text;
  if (Array.isArray(messages)) return textOf(messages, 'user');
  if (typeof prompt === 'string') return prompt;
  return Array.isArray(prompt) ? textOf(prompt, 'user') : null;
}

/**
 * Everything that was said and done, for the second pass: what people asked, what was answered, called and returned.
 * System texts and tool schemas are left out here too.
 * @returns null when the row is none of those that `promptText` reads
 */
export function rowText(row: unknown): string | null {
  const asked = promptText(row);
  if (asked === null) return null;
  const { messages, prompt, chosen, rejected } = row as Record<string, unknown>;
  const all = [messages, prompt, chosen, rejected].flatMap((part) => (Array.isArray(part) ? part : []));
  return all.length === 0 ? asked : all.flatMap(wordsOf).join('\n');
}

function wordsOf(message: unknown): string[] {
  const { role, content, tool_calls: calls } = (message ?? {}) as Record<string, unknown>;
  if (role === 'system') return [];
  const made = (Array.isArray(calls) ? calls : []).map((call) => {
    const { name, arguments: given } =
      (call as { function?: { name?: unknown; arguments?: unknown } } | null)?.function ?? {};
    return `${typeof name === 'string' ? name : ''} ${typeof given === 'string' ? given : JSON.stringify(given ?? {})}`;
  });
  return [...(typeof content === 'string' ? [content] : []), ...made];
}

function textOf(messages: readonly unknown[], role: string): string {
  return messages
    .flatMap((message) => {
      const { role: says, content } = (message ?? {}) as Record<string, unknown>;
      return says === role && typeof content === 'string' ? [content] : [];
    })
    .join('\n');
}
