/**
 * One pair as one preference row: the shared prompt, and exactly one assistant message on each side. Every token after
 * the prompt is in DPO's loss, tool text included, so both sides are cut at the first step in which they differ.
 */
import { createHmac } from 'node:crypto';
import type { LogEvent } from '../trajectory/event.ts';
import { canonicalJson, type JsonObject } from '../trajectory/json.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import type { ToolDef } from '../trajectory/trajectory.ts';
import type { Unit } from '../trajectory/unit.ts';
import { type Chat, type ChatOptions, callId, callsIn, orderFields, toChat, toolsString } from './chat-format.ts';
import { renumber, renumberJson } from './placeholders.ts';
import {
  type AssistantMessage,
  type DpoConfig,
  type DpoRow,
  isRefused,
  type Message,
  type Refused,
  type RowMeta,
} from './row.ts';
import { commonMeta, invalidCalls, metaString, numbersRefuse, type SchemaCache, schemaCache } from './row-parts.ts';
import { chatMeta } from './sft-row.ts';

/** Both branches under one placeholder map: the same token means the same value in all three lists. */
export type PairContent = { prompt: LogEvent[]; chosen: LogEvent[]; rejected: LogEvent[]; tools: ToolDef[] };

export type PairMeta = RowMeta & {
  /** `edit`, `thumbs_pair`, `invalid_vs_corrected`, … (docs/exports.md). */
  source: string;
  strength: 'strong' | 'medium' | 'weak' | 'synthetic';
  /** How clearly chosen was preferred; exported, never filtered on. */
  margin?: number;
  /** `schema_invalid` is the only one that lets a rejected call break its schema. */
  reason?: string;
  annotators?: string[];
  /** The model that wrote the pair. */
  policy?: string;
  /** Why the two sides share a prompt: `judged_answer`, `first_difference`, `same_state`. */
  prefix?: string;
  /** Events and outcomes of the log that say which is better. */
  evidence?: number;
  /** `<name>@<version>` of what made the rejected side; such a row is synthetic. */
  generator?: string;
};

export type DpoOptions = Omit<ChatOptions, 'endsAt'> & {
  schemas?: SchemaCache;
  /** Orders what only one branch holds (placeholders, call ids), so that no number tells which one was chosen. */
  key: string;
};

/** Two whole units of one task, redacted under one map. */
export const pairOfUnits = (chosen: Redacted<Unit>, rejected: Redacted<Unit>): Redacted<PairContent> =>
  ({
    prompt: [],
    chosen: chosen.events,
    rejected: rejected.events,
    tools: chosen.tools.length > 0 ? chosen.tools : rejected.tools,
  }) as PairContent as Redacted<PairContent>;

export function toDpoRow(
  pair: Redacted<PairContent>,
  meta: PairMeta,
  options: DpoOptions,
): { config: DpoConfig; row: DpoRow } | Refused {
  const chatOptions: ChatOptions = { ...options, endsAt: 'anything' };
  const better = toChat([...pair.prompt, ...pair.chosen], pair.tools, chatOptions);
  if (isRefused(better)) return better;
  const worse = toChat([...pair.prompt, ...pair.rejected], pair.tools, chatOptions);
  if (isRefused(worse)) return worse;

  const cut = cutAtDifference(better, worse);
  if (isRefused(cut)) return cut;
  const numbers = renumber([cut.prompt, better.tools], [cut.chosen, cut.rejected], `${options.key}\n${meta.id}`);
  const tools = renumberJson(better.tools, numbers);
  const prompt = renumberJson(cut.prompt, numbers);
  const sides = giveCallIds(prompt, renumberJson([cut.chosen, cut.rejected], numbers), `${options.key}\n${meta.id}`);
  const [chosen, rejected] = sides;
  const all: Message[] = [...prompt, chosen, rejected];
  const refusal = numbersRefuse(all);
  if (refusal) return refusal;

  const toolsText = toolsString(tools);
  const checks = (options.schemas ?? schemaCache())(tools, toolsText);
  if (invalidCalls([chosen], checks).length > 0) return { refused: 'chosen_invalid' };
  const invalid = invalidCalls(all, checks);
  const isRejectedInvalid = invalidCalls([rejected], checks).length > 0;
  if (isRejectedInvalid && meta.reason !== 'schema_invalid') return { refused: 'rejected_invalid' };

  const isAgent = tools.length > 0;
  const row: DpoRow = {
    id: meta.id,
    prompt,
    chosen: [chosen],
    rejected: [rejected],
    ...(isAgent ? { tools: toolsText } : {}),
    meta_json: metaString(
      renumberJson({ ...commonMeta(meta), ...chatNotes(better, all, invalid), ...pairMeta(meta, prompt) }, numbers),
    ),
  };
  return { config: isAgent ? 'dpo-agent' : 'dpo-chat', row };
}

type Cut = { prompt: Message[]; chosen: AssistantMessage; rejected: AssistantMessage };

/** Equal messages are the prompt; the first that differ are the sides, if both are the assistant's. */
function cutAtDifference(better: Chat, worse: Chat): Cut | Refused {
  const a = better.messages.map(asPrompt);
  const b = worse.messages.map(asPrompt);
  let at = 0;
  while (at < a.length && at < b.length && canonicalJson(a[at]) === canonicalJson(b[at])) at++;
  const chosen = a[at];
  const rejected = b[at];
  if (!chosen && !rejected) return { refused: 'sides_equal' };
  if (chosen?.role !== 'assistant' || rejected?.role !== 'assistant') return { refused: 'sides_differ_before_answer' };
  const prompt = a.slice(0, at);
  const end = prompt.at(-1)?.role;
  if (end !== 'user' && end !== 'tool') return { refused: 'order', detail: 'prompt end' };
  if (isEmpty(chosen) || isEmpty(rejected)) return { refused: 'side_empty' };
  if (isSame(chosen, rejected)) return { refused: 'sides_equal' };
  return { prompt, chosen, rejected };
}

/** The loss of DPO covers both sides and nothing else, so rows of pairs have no `train`. */
function asPrompt(message: Message): Message {
  if (message.role !== 'assistant') return message;
  const { train: _, ...rest } = message;
  return rest;
}

const isEmpty = (side: AssistantMessage): boolean => side.content.trim() === '' && !side.tool_calls;
const fold = (text: string): string => text.replace(/\s+/g, ' ').trim();
const said = ({ content, reasoning_content, tool_calls }: AssistantMessage): string =>
  canonicalJson([fold(content), reasoning_content ?? null, (tool_calls ?? []).map((call) => call.function)]);
const isSame = (a: AssistantMessage, b: AssistantMessage): boolean => said(a) === said(b);

/** Ids of the sides go on after the prompt's; which side comes first is drawn by the key. */
function giveCallIds(
  prompt: readonly Message[],
  [chosen, rejected]: [AssistantMessage, AssistantMessage],
  key: string,
): [AssistantMessage, AssistantMessage] {
  let next = callsIn(prompt).length;
  const number = (side: AssistantMessage): AssistantMessage =>
    side.tool_calls
      ? orderFields({ ...side, tool_calls: side.tool_calls.map((call) => ({ ...call, id: callId(next++) })) })
      : side;
  const isChosenFirst = createHmac('sha256', key).update('call ids').digest()[0]! % 2 === 0;
  if (isChosenFirst) {
    const first = number(chosen);
    return [first, number(rejected)];
  }
  const first = number(rejected);
  return [number(chosen), first];
}

function chatNotes(chat: Chat, all: readonly Message[], invalid: readonly string[]): JsonObject {
  const { cut: _, ...notes } = chatMeta(chat, all, invalid);
  return notes;
}

function pairMeta(meta: PairMeta, prompt: readonly Message[]): JsonObject {
  const made: JsonObject = { source: meta.source, strength: meta.strength };
  const steps = prompt.filter((message) => message.role === 'assistant' && message.tool_calls).length;
  if (steps > 0) made.step = steps + 1;
  if (meta.margin !== undefined) made.margin = meta.margin;
  if (meta.reason !== undefined) made.reason = meta.reason;
  if (meta.annotators !== undefined) made.annotators = meta.annotators;
  if (meta.policy !== undefined) made.policy = meta.policy;
  if (meta.prefix !== undefined) made.prefix = meta.prefix;
  if (meta.evidence !== undefined) made.evidence = meta.evidence;
  if (meta.generator !== undefined) made.generator = meta.generator;
  return made;
}
