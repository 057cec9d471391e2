/**
 * One held-out unit as one case of the eval set: the question up to an answer, the tools that were offered, and what the
 * teacher did there as the accepted answer (question and answer of BFCL in one line, docs/exports.md).
 */
import { isObject, type Json, type JsonObject } from '../trajectory/json.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import type { Unit } from '../trajectory/unit.ts';
import { type ChatOptions, toChat, toolsString } from './chat-format.ts';
import { renumber, renumberJson } from './placeholders.ts';
import {
  type AssistantMessage,
  type EvalCategory,
  type EvalRow,
  isRefused,
  type Refused,
  type RowMeta,
  type ToolFunction,
} from './row.ts';
import { commonMeta, invalidCalls, metaString, type SchemaCache, schemaCache } from './row-parts.ts';

export type EvalOptions = Omit<ChatOptions, 'endsAt'> & {
  schemas?: SchemaCache;
  /** Which answer is the case, from 0; left out: the first with calls, else the last. */
  answer?: number;
};

export function toEvalRow(unit: Redacted<Unit>, meta: RowMeta, options: EvalOptions = {}): EvalRow | Refused {
  if (!unit.eligible.sft) return { refused: 'ineligible', detail: unit.eligible.reasons[0] };
  const chat = toChat(unit.events, unit.tools, options);
  if (isRefused(chat)) return chat;
  const answers = chat.messages.flatMap((message, index) => (message.role === 'assistant' ? [{ message, index }] : []));
  const chosen =
    options.answer === undefined
      ? (answers.find(({ message }) => message.tool_calls) ?? answers.at(-1))
      : answers[options.answer];
  if (!chosen) return { refused: 'no_assistant' };
  const question = chat.messages.slice(0, chosen.index);
  const numbers = renumber([question, chat.tools, chosen.message]);
  const answer = renumberJson(chosen.message, numbers);
  const tools = renumberJson(chat.tools, numbers);
  const checks = (options.schemas ?? schemaCache())(tools, toolsString(tools));
  if (invalidCalls([answer], checks).length > 0) return { refused: 'chosen_invalid' };

  const calls = (answer.tool_calls ?? []).map((call) => call.function);
  const { id, level, group } = meta;
  const { level: _, group: __, weight: ___, ...rest } = commonMeta(meta);
  return {
    id,
    category: categoryOf(answer, tools),
    level,
    question: [renumberJson(question, numbers).map(withoutTrain)],
    function: tools.map((tool) => tool.function),
    ground_truth: calls.map((call) => ({
      [call.name]: acceptedValues(call.arguments, parametersOf(call.name, tools)),
    })),
    teacher: { calls, content: answer.content },
    group,
    meta_json: metaString(renumberJson(rest, numbers)),
  };
}

function withoutTrain<M extends { role: string; train?: boolean }>(message: M): M {
  const { train: _, ...rest } = message;
  return rest as M;
}

function categoryOf(answer: AssistantMessage, tools: readonly ToolFunction[]): EvalCategory {
  if (tools.length === 0) return 'answer';
  const calls = answer.tool_calls?.length ?? 0;
  if (calls === 0) return 'irrelevance';
  if (calls > 1) return tools.length > 1 ? 'parallel_multiple' : 'parallel';
  return tools.length > 1 ? 'multiple' : 'simple';
}

const parametersOf = (name: string, tools: readonly ToolFunction[]): JsonObject =>
  tools.find((tool) => tool.function.name === name)?.function.parameters ?? {};

/** Each given value is accepted; a parameter that is not required may be left out as well (`""`). */
function acceptedValues(args: JsonObject, parameters: JsonObject): { [parameter: string]: Json[] } {
  const required = Array.isArray(parameters.required) ? parameters.required : [];
  return Object.fromEntries(
    Object.keys(args).map((name) => {
      const value = accepted(args[name]!);
      return [name, required.includes(name) ? [value] : [value, '']];
    }),
  );
}

/** Inside an accepted object every key has a list of accepted values, also in lists of objects. */
function accepted(value: Json): Json {
  if (isObject(value)) return Object.fromEntries(Object.keys(value).map((key) => [key, [value[key]!]]));
  if (Array.isArray(value) && value.some(isObject)) return value.map(accepted);
  return value;
}
