/**
 * What stands inside the input or output that a tool logged for one model call (docs/formats.md): frameworks hand it
 * messages, requests, answers, choices, generations or bare text, with JSON in strings as often as not.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { ToolDef } from '../../trajectory/trajectory.ts';
import { asArray, asObject } from '../shared/json-access.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { readBlock, readToolCall } from './blocks.ts';
import { pick, textField } from './fields.ts';
import type { Message } from './piece.ts';
import { readPythonMessages } from './python-messages.ts';
import { isListedCall, isMessage, readMessage } from './read-message.ts';
import { into, intoText, type Spot } from './spot.ts';
import { unpackJson } from './unpack-json.ts';

export type Speaker = 'user' | 'assistant';
/** `alternatives`: further choices of one request (`n > 1`), the first one is in `messages`. */
export type Exchange = { messages: Message[]; tools: ToolDef[]; alternatives: Message[][] };

const nothing = (): Exchange => ({ messages: [], tools: [], alternatives: [] });
const of = (messages: Message[], tools: ToolDef[] = []): Exchange => ({ messages, tools, alternatives: [] });

/** @param speaker who speaks where the log does not say: 'user' for an input, 'assistant' for an output */
export function readExchange(value: Json | undefined, spot: Spot, speaker: Speaker): Exchange {
  if (value === undefined || value === null) return nothing();
  if (typeof value === 'string') return readText(value, spot, speaker);
  if (Array.isArray(value)) return readList(value, spot, speaker);
  if (isObject(value)) return readObject(value, spot, speaker);
  return of([said(String(value), spot, speaker)]);
}

/** Content that says who spoke only by standing in an input or an output. */
function saidBy(speaker: Speaker, pieces: Message['pieces'], spot: Spot): Message {
  return { side: speaker, pieces, flags: [], spot };
}
const said = (text: string, spot: Spot, speaker: Speaker): Message =>
  saidBy(speaker, [{ kind: 'part', part: { type: 'text', text }, spot }], spot);
const held = (value: Json, spot: Spot, speaker: Speaker): Message =>
  saidBy(speaker, [{ kind: 'part', part: { type: 'json', value }, spot }], spot);

function readText(text: string, spot: Spot, speaker: Speaker): Exchange {
  if (text.trim() === '' || text === 'None' || text === 'null') return nothing();
  const inner = unpackJson(text);
  if (typeof inner === 'object' && inner !== null) return readExchange(inner, intoText(spot), speaker);
  if (typeof inner === 'string' && inner !== text) return readText(inner, intoText(spot), speaker);
  const printed = readPythonMessages(text, intoText(spot), speaker);
  if (printed.length > 0) return of(printed);
  const labelled = readLabelledLines(text, intoText(spot));
  return of(labelled.length > 0 ? labelled : [said(text, spot, speaker)]);
}

const LABEL = /^(system|developer|user|assistant|tool): ?/;

/** Lines `role: text`; a line that starts with no role goes on with the message before. */
function readLabelledLines(text: string, spot: Spot): Message[] {
  if (!LABEL.test(text)) return [];
  const messages: { role: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const label = LABEL.exec(line);
    if (label) messages.push({ role: label[1]!, lines: [line.slice(label[0].length)] });
    else messages.at(-1)!.lines.push(line);
  }
  if (messages.length === 1 && messages[0]!.role === 'tool') return [];
  return messages.map(({ role, lines }) => readMessage({ role, content: lines.join('\n') }, spot, 'user'));
}

/** A tool schema among the messages: bare, or as the content of a message of role `tool`. */
function toolsAmong(item: Json): ToolDef[] | undefined {
  if (!isObject(item)) return undefined;
  if (Array.isArray(item.tools) && item.role === undefined) return readToolDefs(item.tools);
  const schema = item.role === 'tool' && isObject(item.content) ? item.content : item;
  if (
    schema.type === 'function' &&
    isObject(schema.function) &&
    schema.function.arguments === undefined &&
    (schema === item.content || schema.id === undefined)
  ) {
    return readToolDefs(schema);
  }
  return undefined;
}

function readList(list: Json[], spot: Spot, speaker: Speaker): Exchange {
  if (list.length === 0) return nothing();
  if (list.every(isListedCall)) {
    return of([
      saidBy(
        'assistant',
        list.flatMap((call, i) => readToolCall(call, into(spot, i))),
        spot,
      ),
    ]);
  }
  if (list.every(isChoice)) return readChoices(list, spot);
  if (
    list.every(
      (item) => isObject(item) && typeof item.type === 'string' && !isMessage(item) && toolsAmong(item) === undefined,
    )
  ) {
    return of([
      saidBy(
        speaker,
        list.flatMap((block, i) => readBlock(block, into(spot, i))),
        spot,
      ),
    ]);
  }
  const messages: Message[] = [];
  const tools: ToolDef[] = [];
  for (const [i, item] of list.entries()) {
    const at = into(spot, i);
    const inner = typeof item === 'string' ? unpackJson(item) : item;
    const place = inner === item ? at : intoText(at);
    const schemas = toolsAmong(inner ?? null);
    if (schemas) tools.push(...schemas);
    else if (isMessage(inner)) messages.push(readMessage(inner, place, speaker));
    else {
      const read = readExchange(inner, place, speaker);
      messages.push(...read.messages);
      tools.push(...read.tools);
    }
  }
  return of(joinItems(messages), tools);
}

/** Items of the Responses API stand one by one: neighbours of one answer are one message. */
function joinItems(messages: readonly Message[]): Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    const isItem = message.role === undefined && message.id === undefined && message.name === undefined;
    if (
      last &&
      isItem &&
      message.side === 'assistant' &&
      last.side === 'assistant' &&
      message.pieces.some((piece) => piece.kind === 'call')
    ) {
      last.pieces = [...last.pieces, ...message.pieces];
    } else joined.push({ ...message });
  }
  return joined;
}

const isChoice = (value: Json): boolean =>
  isObject(value) &&
  isObject(value.message) &&
  (value.index !== undefined || value.finish_reason !== undefined) &&
  value.role === undefined;

function readChoices(choices: readonly Json[], spot: Spot): Exchange {
  const read = choices.flatMap((choice, i) => {
    if (!isObject(choice)) return [];
    const at = into(spot, i);
    const body = asObject(choice.message) ?? asObject(choice.delta);
    const message = body
      ? readMessage(body, into(at, 'message'), 'assistant')
      : said(textField(choice.text) ?? '', into(at, 'text'), 'assistant');
    const finish = textField(pick(choice, 'finish_reason', 'finishReason'));
    if (finish) message.finish = finish;
    return [message];
  });
  const [first, ...others] = read;
  return { messages: first ? [first] : [], tools: [], alternatives: others.map((message) => [message]) };
}

const USER_KEYS = ['prompt', 'input', 'query', 'question', 'args'] as const;
const MODEL_KEYS = ['completion', 'text', 'response', 'answer', 'output', 'result'] as const;

function readObject(value: JsonObject, spot: Spot, speaker: Speaker): Exchange {
  const around = toolsBeside(value);
  const read = readShape(value, spot, speaker);
  return { ...read, tools: [...around, ...read.tools] };
}

/** Schemas that a request lists beside its messages, or in its config. */
function toolsBeside(value: JsonObject): ToolDef[] {
  const places = [
    value.tools,
    value.functions,
    asObject(value.config)?.tools,
    asObject(value.invocation_params)?.tools,
    asObject(value.kwargs)?.tools,
  ];
  const found = places.map(unpackJson).find((tools) => Array.isArray(tools) && tools.length > 0);
  return found ? readToolDefs(found) : [];
}

function readShape(value: JsonObject, spot: Spot, speaker: Speaker): Exchange {
  const messages = unpackJson(value.messages);
  if (Array.isArray(messages)) return readRequest(value, messages, spot, speaker);
  const contents = unpackJson(value.contents);
  if (contents !== undefined && contents !== null) return readGeminiRequest(value, contents, spot);
  if (Array.isArray(value.candidates)) return readCandidates(value.candidates, into(spot, 'candidates'));
  if (Array.isArray(value.choices)) return readChoices(value.choices, into(spot, 'choices'));
  if (isChoice(value)) return readChoices([value], spot);
  if (Array.isArray(value.generations)) return readGenerations(value.generations, into(spot, 'generations'));
  if (isGeminiContent(value.content)) {
    const message = readMessage(value.content, into(spot, 'content'), speaker);
    const finish = textField(pick(value, 'finish_reason', 'finishReason'));
    if (finish) message.finish = finish;
    return of([message]);
  }
  if (value.object === 'response' || (Array.isArray(value.output) && value.output.some(isMessage)))
    return readResponse(value, spot);
  const wrapped = asObject(value.output);
  if (wrapped && isObject(wrapped.message))
    return of([readMessage(wrapped.message, into(spot, 'output', 'message'), 'assistant')]);
  const parts = value.role === undefined ? asArray(value.parts) : undefined;
  if (parts) {
    const pieces = parts.flatMap((block, i) => readBlock(block, into(spot, 'parts', i)));
    return of([saidBy(speaker, pieces, spot)]);
  }
  if (isMessage(value)) return of([readMessage(value, spot, speaker)]);
  return readNamedText(value, spot, speaker);
}

const isGeminiContent = (value: Json | undefined): value is JsonObject => isObject(value) && Array.isArray(value.parts);

function readRequest(value: JsonObject, messages: Json[], spot: Spot, speaker: Speaker): Exchange {
  const at = typeof value.messages === 'string' ? intoText(into(spot, 'messages')) : into(spot, 'messages');
  // LangChain logs a batch: a list in a list.
  const isBatch = messages.length > 0 && messages.every(Array.isArray);
  const first = isBatch ? (messages[0] as Json[]) : messages;
  const read = readList(first, isBatch ? into(at, 0) : at, speaker);
  const system = value.system ?? value.instructions;
  const before = systemMessages(system, into(spot, value.system === undefined ? 'instructions' : 'system'));
  return { ...read, messages: [...before, ...read.messages] };
}

/** System text that stands beside the messages: a string, blocks, or one message. */
export function systemMessages(system: Json | undefined, spot: Spot): Message[] {
  const value = unpackJson(system);
  if (value === undefined || value === null || value === '') return [];
  const at = typeof system === 'string' && typeof value !== 'string' ? intoText(spot) : spot;
  const blocks = isObject(value) && Array.isArray(value.parts) ? value.parts : Array.isArray(value) ? value : [value];
  const pieces = blocks.flatMap((block, i) => readBlock(block, Array.isArray(value) ? into(at, i) : at));
  return pieces.length > 0 ? [{ side: 'system', pieces, flags: [], spot: at }] : [];
}

function readGeminiRequest(value: JsonObject, contents: Json, spot: Spot): Exchange {
  const config = asObject(value.config) ?? {};
  const key = ['system_instruction', 'systemInstruction'].find(
    (name) => config[name] !== undefined || value[name] !== undefined,
  );
  const inConfig = key !== undefined && config[key] !== undefined;
  const system =
    key === undefined
      ? []
      : systemMessages(inConfig ? config[key] : value[key], inConfig ? into(spot, 'config', key) : into(spot, key));
  const at = into(spot, 'contents');
  const read = readExchange(contents, at, 'user');
  return { ...read, messages: [...system, ...read.messages] };
}

function readCandidates(candidates: readonly Json[], spot: Spot): Exchange {
  const read = candidates.flatMap((candidate, i) => {
    if (!isObject(candidate)) return [];
    const content = asObject(candidate.content) ?? {};
    const message = readMessage({ role: 'model', ...content }, into(spot, i, 'content'), 'assistant');
    const finish = textField(pick(candidate, 'finish_reason', 'finishReason'));
    if (finish) message.finish = finish;
    return [message];
  });
  const [first, ...others] = read;
  return { messages: first ? [first] : [], tools: [], alternatives: others.map((message) => [message]) };
}

function readGenerations(generations: readonly Json[], spot: Spot): Exchange {
  const isBatch = generations.every(Array.isArray);
  const first = (isBatch ? generations[0] : generations) as Json[];
  const at = isBatch ? into(spot, 0) : spot;
  const read = (first ?? []).flatMap((generation, i): Message[] => {
    if (!isObject(generation)) return [];
    const message = unpackJson(generation.message);
    if (isMessage(message)) return [readMessage(message, into(at, i, 'message'), 'assistant')];
    const text = textField(generation.text);
    return text === undefined ? [] : [said(text, into(at, i, 'text'), 'assistant')];
  });
  const [one, ...others] = read;
  return { messages: one ? [one] : [], tools: [], alternatives: others.map((message) => [message]) };
}

/** An answer of the Responses API repeats its instructions; they are returned as a system message before it. */
function readResponse(value: JsonObject, spot: Spot): Exchange {
  const system = systemMessages(value.instructions, into(spot, 'instructions'));
  const output = asArray(value.output) ?? [];
  const items = output.flatMap((item, i) =>
    isObject(item) ? [readMessage(item, into(spot, 'output', i), 'assistant')] : [],
  );
  const answers = items.filter((item) => item.side === 'assistant');
  const rest = items.filter((item) => item.side !== 'assistant');
  const answer = answers.length > 0 ? [{ ...answers[0]!, pieces: answers.flatMap((item) => item.pieces) }] : [];
  if (answer[0] && value.status === 'incomplete') answer[0].finish = 'length';
  return of([...system, ...answer, ...rest]);
}

/** Text under one of the usual names; an object that has none of them is kept as it is. */
function readNamedText(value: JsonObject, spot: Spot, speaker: Speaker): Exchange {
  const prompts = unpackJson(value.prompts);
  if (Array.isArray(prompts) && prompts.every((prompt) => typeof prompt === 'string')) {
    return of(prompts.map((prompt, i) => said(prompt as string, into(spot, 'prompts', i), 'user')));
  }
  const keys = speaker === 'user' ? USER_KEYS : MODEL_KEYS;
  for (const key of keys) {
    const inner = value[key];
    if (inner === undefined || inner === null) continue;
    if (typeof inner === 'string') return readText(inner, into(spot, key), speaker);
    if (key === 'args' && Array.isArray(inner) && inner.length > 0 && inner.every((item) => typeof item === 'string')) {
      return of(inner.map((item, i) => said(item as string, into(spot, key, i), speaker)));
    }
    const read = readExchange(inner, into(spot, key), speaker);
    if (
      read.messages.some((message) =>
        message.pieces.some((piece) => piece.kind !== 'part' || piece.part.type !== 'json'),
      )
    )
      return read;
  }
  const calls = asArray(value.tool_calls) ?? asArray(value.toolCalls);
  if (calls && speaker === 'assistant')
    return of([
      readMessage(
        { role: 'assistant', content: value.text ?? value.content ?? null, tool_calls: calls },
        spot,
        speaker,
      ),
    ]);
  if (Object.keys(value).length === 0 || onlyTools(value)) return nothing();
  return of([held(value, spot, speaker)]);
}

const onlyTools = (value: JsonObject): boolean =>
  Object.keys(value).every((key) => key === 'tools' || key === 'functions' || key === 'model');
