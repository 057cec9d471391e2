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

/** The assistant's side, for the second pass that only reports; '' when there is none. */
export function answerText(row: unknown): string {
  const { messages, chosen } = (row ?? {}) as Record<string, unknown>;
  const side = Array.isArray(messages) ? messages : Array.isArray(chosen) ? chosen : [];
  return textOf(side, 'assistant');
}

function textOf(messages: readonly unknown[], role: string): string {
  return messages
    .flatMap((message) => {
      const { role: says, content } = (message ?? {}) as Record<string, unknown>;
      return says === role && typeof content === 'string' ? [content] : [];
    })
    .join('\n');
}
