/** OpenAI's fine-tuning files: arguments as strings, `weight` 0 or 1 on answers, tools as a list, no ids of ours. */
import type { JsonObject } from '../../trajectory/json.ts';
import { stringify } from '../../trajectory/json.ts';
import type { DpoRow, Message, SftRow } from '../row.ts';

const toolsOf = (row: SftRow | DpoRow): JsonObject =>
  typeof row.tools === 'string' ? { tools: JSON.parse(row.tools) as JsonObject[] } : {};

function messageOf(message: Message, isWeighted: boolean): JsonObject {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.tool_call_id, content: message.content };
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  const { content, tool_calls: calls, train } = message;
  return {
    role: 'assistant',
    ...(content === '' && calls ? {} : { content }),
    ...(calls
      ? {
          tool_calls: calls.map(({ id, type, function: of }) => ({
            id,
            type,
            function: { name: of.name, arguments: stringify(of.arguments) },
          })),
        }
      : {}),
    ...(isWeighted ? { weight: train === false ? 0 : 1 } : {}),
  };
}

/** Reasoning has no place in these files. */
export const holdsReasoning = (messages: readonly Message[]): boolean =>
  messages.some((message) => message.role === 'assistant' && message.reasoning_content !== undefined);

export function toOpenAiSft(row: SftRow): JsonObject {
  const tools = toolsOf(row);
  const parallel = row.messages.some(
    (message) => message.role === 'assistant' && (message.tool_calls?.length ?? 0) > 1,
  );
  return {
    messages: row.messages.map((message) => messageOf(message, true)),
    ...tools,
    ...('tools' in tools ? { parallel_tool_calls: parallel } : {}),
  };
}

export function toOpenAiDpo(row: DpoRow): JsonObject {
  return {
    input: { messages: row.prompt.map((message) => messageOf(message, false)), ...toolsOf(row) },
    preferred_output: row.chosen.map((message) => messageOf(message, false)),
    non_preferred_output: row.rejected.map((message) => messageOf(message, false)),
  };
}
