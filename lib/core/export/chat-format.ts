/**
 * Events of a unit as the messages a trainer reads: roles, parallel calls, results in the order of their calls. Nothing
 * is cut or re-formatted on the way; where the row grammar (`system? ( user ( assistant(calls) tool+ )* assistant )+`)
 * can't hold what was logged, the unit is refused with a reason (docs/decisions/0006-rows.md).
 */
import { unreachable } from '../never.ts';
import type { LogEvent, Part, ToolCall } from '../trajectory/event.ts';
import { isObject, stringify } from '../trajectory/json.ts';
import type { ToolDef } from '../trajectory/trajectory.ts';
import type { AssistantMessage, Call, Message, Refusal, Refused, ToolFunction } from './row.ts';

export type StepMark = 'good' | 'unnecessary' | 'mistake' | 'recovery';

export type ChatOptions = {
  /** Off by default: reasoning of a teacher is exported only when the release says so. */
  keepReasoning?: boolean;
  /** What reviewers said of steps, by event id. `mistake` and `unnecessary` stay as context, outside the loss. */
  marks?: ReadonlyMap<string, StepMark>;
  /** Tools of the source's catalogue, for logs that do not say what was offered. */
  toolCatalogue?: readonly ToolDef[];
  /** Whether a person gave the catalogue, or `ToolObserver` made it of the calls. Stands in the row's metadata. */
  toolsFrom?: 'catalogue' | 'observed';
  /** Where the row may end: an answer, or (a unit cut at a reviewed step) a message with calls. */
  endsAt?: 'answer' | 'step' | 'anything';
};

export type ChatNotes = {
  contextIds: string[];
  /** Messages that were joined with the one before, because the same side spoke twice. */
  joined: number;
  /** Messages of the assistant before the first user message, left out. */
  trimmedHead: number;
  /** The log did not say what was offered; this did. */
  toolsFrom?: 'catalogue' | 'observed';
};
export type Chat = { messages: Message[]; tools: ToolFunction[]; notes: ChatNotes };

const BETWEEN_JOINED = '\n\n';
const refuse = (refused: Refusal, detail?: string): Refused =>
  detail === undefined ? { refused } : { refused, detail };

/** `c` and 8 base-36 digits, counted from 0: fits the strictest rule among the templates (nine letters or digits). */
export const callId = (n: number): string => `c${n.toString(36).padStart(8, '0')}`;

/** The model's own answers and calls are trained, unless a reviewer or the log says that they are not its own here. */
export function toChat(
  events: readonly LogEvent[],
  tools: readonly ToolDef[],
  options: ChatOptions = {},
): Chat | Refused {
  const builder = new ChatBuilder(options);
  for (const event of events) {
    const refusal = builder.take(event);
    if (refusal) return refusal;
  }
  const built = builder.finish();
  if ('refused' in built) return built;
  const { messages, notes } = built;
  const called = messages.flatMap((message) => ('tool_calls' in message ? (message.tool_calls ?? []) : []));
  const catalogue = called.length > 0 ? (options.toolCatalogue ?? []) : [];
  const offered = lastOfEachName(tools.length > 0 ? tools : catalogue);
  if (tools.length === 0 && offered.length > 0) notes.toolsFrom = options.toolsFrom ?? 'catalogue';
  if (called.length > 0 && offered.length === 0) return refuse('tools_unknown');
  const names = new Set(offered.map((tool) => tool.name));
  if (called.some((call) => !names.has(call.function.name))) return refuse('tool_not_offered');
  return { messages, tools: offered.map(toToolFunction), notes };
}

/** A tool that was offered in two versions is offered once, as it was last. */
const lastOfEachName = (tools: readonly ToolDef[]): ToolDef[] =>
  tools.filter((tool, index) => tools.findLastIndex(({ name }) => name === tool.name) === index);

export function toToolFunction(tool: ToolDef): ToolFunction {
  const parameters = tool.parameters ?? { type: 'object', properties: {} };
  return { type: 'function', function: { name: tool.name, description: tool.description ?? '', parameters } };
}

/** One answer of the model while its events still come in. */
type OpenAnswer = { stepId: string | undefined; message: AssistantMessage; calls: OpenCall[] };
type OpenCall = { eventId: string; name: string; id: string; result?: string };

class ChatBuilder {
  private readonly options: ChatOptions & { endsAt: 'answer' | 'step' | 'anything' };
  private readonly messages: Message[] = [];
  private readonly notes: ChatNotes = { contextIds: [], joined: 0, trimmedHead: 0 };
  private answer: OpenAnswer | undefined;
  private passages: Extract<Part, { type: 'document' }>[] = [];
  private calls = 0;

  constructor(options: ChatOptions) {
    this.options = { ...options, endsAt: options.endsAt ?? 'answer' };
  }

  take(event: LogEvent): Refused | undefined {
    switch (event.kind) {
      case 'system':
        return this.say(event, 'system');
      case 'user':
      case 'compaction':
        return this.say(event, 'user');
      case 'retrieval':
        this.passages.push(...event.parts.filter((part) => part.type === 'document'));
        return undefined;
      case 'assistant':
        return this.speak(event);
      case 'tool_call':
        return this.call(event, event.toolCall);
      case 'tool_result':
        return this.result(event);
      // Failed attempts, ratings, hand-overs and bookkeeping are no part of what the model read or said.
      case 'error':
      case 'feedback':
      case 'subagent':
      case 'meta':
        return undefined;
      default:
        return unreachable(event);
    }
  }

  finish(): { messages: Message[]; notes: ChatNotes } | Refused {
    const refusal = this.closeAnswer(true);
    if (refusal) return refusal;
    const { messages, notes } = this;
    if (!messages.some((message) => message.role === 'user')) return refuse('no_user');
    if (!messages.some((message) => message.role === 'assistant')) return refuse('no_assistant');
    const ends = messages.at(-1)!;
    const { endsAt } = this.options;
    if (endsAt === 'answer' && (ends.role !== 'assistant' || ends.tool_calls)) return refuse('order', 'end');
    if (endsAt === 'step' && ends.role !== 'assistant') return refuse('order', 'end');
    return { messages, notes };
  }

  private say(event: LogEvent, role: 'system' | 'user'): Refused | undefined {
    const text = textOf(event.parts);
    if (text === undefined) return refuse('media');
    const refusal = this.closeAnswer();
    if (refusal) return refusal;
    const last = this.messages.at(-1);
    if (role === 'system' && last && last.role !== 'system') {
      // A system prompt that is said again, word for word, says nothing new.
      const isRepeated = this.messages.some((message) => message.role === 'system' && message.content === text);
      return isRepeated ? undefined : refuse('system_midway');
    }
    if (last?.role === 'tool') return refuse('order', 'user after tool');
    for (const part of event.parts) if (part.type === 'document') this.noteContext(part.id);
    const content = role === 'user' ? this.withPassages(text) : text;
    if (last?.role === role) {
      // The system prompt that opens a later segment is a copy of the one before.
      if (role === 'system' && last.content === content) return undefined;
      last.content += BETWEEN_JOINED + content;
      this.notes.joined++;
    } else this.messages.push({ role, content });
    return undefined;
  }

  /** Passages that the prompt quotes already stay as they are; others stand before the question, numbered from 1. */
  private withPassages(question: string): string {
    const { passages } = this;
    if (passages.length === 0) return question;
    this.passages = [];
    for (const passage of passages) this.noteContext(passage.id);
    const unsaid = this.unsaid(passages, question);
    if (unsaid.length === 0) return question;
    const list = unsaid.map((passage, index) => `[${index + 1}] ${passage.text}`).join('\n');
    return `Context:\n${list}\n\nQuestion: ${question}`;
  }

  private unsaid<P extends { text?: string }>(passages: readonly P[], question = ''): P[] {
    const said = [...this.messages.map((message) => message.content), question].join('\n');
    return passages.filter((passage) => passage.text !== undefined && !said.includes(passage.text));
  }

  private noteContext(id: string | undefined): void {
    if (id !== undefined && !this.notes.contextIds.includes(id)) this.notes.contextIds.push(id);
  }

  private speak(event: LogEvent): Refused | undefined {
    const text = textOf(event.parts);
    if (text === undefined) return refuse('media');
    const reasoning = event.parts.flatMap((part) => (part.type === 'reasoning' && part.text ? [part.text] : []));
    const opened = this.open(event);
    if ('refused' in opened) return opened;
    const { message } = opened;
    if (text !== '') message.content = message.content === '' ? text : message.content + BETWEEN_JOINED + text;
    if (reasoning.length > 0 && this.options.keepReasoning) {
      message.reasoning_content = [message.reasoning_content ?? [], reasoning].flat().join('\n');
    }
    return undefined;
  }

  private call(event: LogEvent, call: ToolCall): Refused | undefined {
    if (!isObject(call.arguments)) return refuse('unparsable_arguments');
    const opened = this.open(event);
    if ('refused' in opened) return opened;
    const id = callId(this.calls++);
    const made: Call = { id, type: 'function', function: { name: call.name, arguments: call.arguments } };
    opened.message.tool_calls = [...(opened.message.tool_calls ?? []), made];
    opened.calls.push({ eventId: event.id, name: call.name, id });
    return undefined;
  }

  private result(event: Extract<LogEvent, { kind: 'tool_result' }>): Refused | undefined {
    const text = textOf(event.parts);
    if (text === undefined) return refuse('media');
    if (event.flags.includes('repeated_result')) return refuse('repeated_result');
    const call = this.answer?.calls.find(({ eventId }) => eventId === event.toolResult.forEventId);
    if (!call) return refuse('orphan_result');
    if (call.result !== undefined) return refuse('repeated_result');
    call.result = text;
    return undefined;
  }

  /** The answer that this event belongs to: that of its step, while nobody else has spoken. */
  private open(event: LogEvent): OpenAnswer | Refused {
    const isSame = this.answer !== undefined && event.stepId !== undefined && this.answer.stepId === event.stepId;
    if (isSame) {
      this.markTraining(event, this.answer!.message);
      return this.answer!;
    }
    const refusal = this.closeAnswer();
    if (refusal) return refusal;
    if (this.passages.length > 0) {
      const refused = this.addLatePassages();
      if (refused) return refused;
    }
    const message: AssistantMessage = { role: 'assistant', content: '' };
    this.markTraining(event, message);
    this.answer = { stepId: event.stepId, message, calls: [] };
    return this.answer;
  }

  /** Passages that were logged after the question they belong to, or inside a tool call that returned them. */
  private addLatePassages(): Refused | undefined {
    const last = this.messages.at(-1);
    if (last?.role === 'user') last.content = this.withPassages(last.content);
    else if (this.unsaid(this.passages).length > 0) return refuse('retrieval_midway');
    else {
      for (const passage of this.passages) this.noteContext(passage.id);
      this.passages = [];
    }
    return undefined;
  }

  private markTraining(event: LogEvent, message: AssistantMessage): void {
    const mark = this.options.marks?.get(event.id);
    // A copied answer is trained where it was first said, an incomplete one nowhere.
    if (event.copied || mark === 'mistake' || mark === 'unnecessary') message.train = false;
  }

  /** @param isLast calls without results may stand at the very end of a row that is cut there */
  private closeAnswer(isLast = false): Refused | undefined {
    const { answer } = this;
    if (!answer) return undefined;
    this.answer = undefined;
    const { message, calls } = answer;
    if (message.content.trim() === '' && calls.length === 0) return refuse('order', 'empty answer');
    const last = this.messages.at(-1);
    if (!last || last.role === 'system') {
      if (calls.length > 0) return refuse('order', 'calls before user');
      this.notes.trimmedHead++;
      return undefined;
    }
    const mayBeOpen = isLast && this.options.endsAt !== 'answer';
    const isOpenEnd = mayBeOpen && calls.every(({ result }) => result === undefined);
    if (!isOpenEnd && calls.some(({ result }) => result === undefined)) return refuse('unpaired_call');
    if (last.role === 'assistant') {
      const joined = joinAnswers(last, message);
      if ('refused' in joined) return joined;
      this.messages[this.messages.length - 1] = joined;
      this.notes.joined++;
    } else this.messages.push(orderFields(message));
    for (const { result, id, name } of calls) {
      if (result !== undefined) this.messages.push({ role: 'tool', content: result, tool_call_id: id, name });
    }
    return undefined;
  }
}

/** Two answers in a row: one message, when the loss treats them alike and the first was only text. */
function joinAnswers(first: AssistantMessage, second: AssistantMessage): AssistantMessage | Refused {
  if (first.tool_calls) return refuse('unpaired_call');
  if ((first.train === false) !== (second.train === false)) return refuse('order', 'two answers, one trained');
  const reasoning = [first.reasoning_content, second.reasoning_content].filter((text) => text !== undefined);
  return orderFields({
    ...first,
    ...second,
    content: [first.content, second.content].filter((text) => text !== '').join(BETWEEN_JOINED),
    ...(reasoning.length > 0 ? { reasoning_content: reasoning.join('\n') } : {}),
  });
}

const FIELD_ORDER = ['role', 'content', 'reasoning_content', 'tool_calls', 'train'] as const;

/** Fields in the order of the file, whatever the order in which the events came. */
export function orderFields(message: AssistantMessage): AssistantMessage {
  const ordered = {} as Record<string, unknown>;
  for (const key of FIELD_ORDER) if (message[key] !== undefined) ordered[key] = message[key];
  return ordered as AssistantMessage;
}

/** Text of an event's parts in order; undefined when it holds what a text row can't show. */
function textOf(parts: readonly Part[]): string | undefined {
  const texts: string[] = [];
  for (const part of parts) {
    switch (part.type) {
      case 'text':
      case 'refusal':
        texts.push(part.text);
        break;
      case 'json':
        texts.push(typeof part.value === 'string' ? part.value : stringify(part.value));
        break;
      case 'document':
        if (part.text !== undefined) texts.push(part.text);
        break;
      case 'reasoning':
        break;
      case 'media':
        return undefined;
      default:
        return unreachable(part);
    }
  }
  return texts.join('\n');
}

export const toolsString = (tools: readonly ToolFunction[]): string => stringify(tools);

/** Calls of one message list, with the message they stand in. */
export function callsIn(messages: readonly Message[]): { call: Call; message: AssistantMessage }[] {
  return messages.flatMap((message) =>
    message.role === 'assistant' ? (message.tool_calls ?? []).map((call) => ({ call, message })) : [],
  );
}
