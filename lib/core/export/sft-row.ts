/** One unit as one row to fine-tune on (docs/exports.md). Takes `Redacted` only: raw text can't get here. */
import type { JsonObject } from '../trajectory/json.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import type { Unit } from '../trajectory/unit.ts';
import { type Chat, type ChatOptions, orderFields, toChat, toolsString } from './chat-format.ts';
import { renumber, renumberJson } from './placeholders.ts';
import type { Message, Refused, RowMeta, SftConfig, SftRow } from './row.ts';
import { isRefused } from './row.ts';
import {
  commonMeta,
  invalidCalls,
  metaString,
  nullArguments,
  numbersRefuse,
  type SchemaCache,
  schemaCache,
} from './row-parts.ts';

export type SftOptions = ChatOptions & {
  /** Handed in when many rows are made, so that each tool's schema is compiled once. */
  schemas?: SchemaCache;
};

export function toSftRow(
  unit: Redacted<Unit>,
  meta: RowMeta,
  options: SftOptions = {},
): { config: SftConfig; row: SftRow } | Refused {
  if (!unit.eligible.sft) return { refused: 'ineligible', detail: unit.eligible.reasons[0] };
  const chat = toChat(unit.events, unit.tools, options);
  if (isRefused(chat)) return chat;
  const numbers = renumber([chat.messages, chat.tools]);
  const messages = renumberJson(chat.messages, numbers);
  const tools = renumberJson(chat.tools, numbers);

  const refusal = numbersRefuse(messages);
  if (refusal) return refusal;
  const toolsText = toolsString(tools);
  const invalid = invalidCalls(messages, (options.schemas ?? schemaCache())(tools, toolsText));
  const trained = maskCalls(messages, new Set(invalid));
  if (!trained.some((message) => message.role === 'assistant' && message.train !== false)) {
    return { refused: 'no_training_target' };
  }
  const isAgent = tools.length > 0;
  const kind = unitKind(unit, chat);
  const row: SftRow = {
    id: meta.id,
    messages: trained,
    ...(isAgent ? { tools: toolsText } : {}),
    meta_json: metaString(
      renumberJson(
        { ...commonMeta(meta), ...chatMeta(chat, trained, invalid), unit: kind, outcome: unit.outcome.value },
        numbers,
      ),
    ),
  };
  return { config: isAgent ? 'sft-agent' : 'sft-chat', row };
}

/** A call that breaks its own schema stays as context; its message is outside the loss. */
function maskCalls(messages: readonly Message[], invalid: ReadonlySet<string>): Message[] {
  return messages.map((message) => {
    if (message.role !== 'assistant' || !message.tool_calls?.some(({ id }) => invalid.has(id))) return message;
    return orderFields({ ...message, train: false });
  });
}

const unitKind = (unit: Unit, chat: Chat): string =>
  unit.unit === 'qa' && chat.notes.contextIds.length > 0 ? 'rag' : unit.unit;

/** What was done to get from the log to the messages, as far as anything was. */
export function chatMeta(
  { notes, messages: all }: Chat,
  messages: readonly Message[],
  invalid: readonly string[],
): JsonObject {
  const meta: JsonObject = {};
  const nulls = nullArguments(messages);
  const last = all.at(-1);
  if (notes.contextIds.length > 0) meta.context_ids = notes.contextIds;
  if (notes.joined > 0) meta.joined = notes.joined;
  if (notes.trimmedHead > 0) meta.trimmed_head = notes.trimmedHead;
  if (notes.toolsFrom) meta.tools_from = notes.toolsFrom;
  if (nulls.length > 0) meta.null_arguments = nulls;
  if (invalid.length > 0) meta.invalid_calls = [...invalid];
  if (last?.role === 'assistant' && last.tool_calls) meta.cut = 'step';
  return meta;
}
