/**
 * What stands inside the input or output that a tool logged for one model call (docs/formats.md): frameworks hand it
 * messages, requests, answers, choices, generations or bare text, with JSON in strings as often as not.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { ToolDef } from '../../trajectory/trajectory.ts';
import { pick, textField } from '../shared/fields.ts';
import { asArray, asObject } from '../shared/json-access.ts';
import { readBlock } from '../shared/read-block.ts';
import { isListedCall, readCalls } from '../shared/read-call.ts';
import { isMessageLike } from '../shared/read-message.ts';
import { into, intoText, type Spot } from '../shared/spot.ts';
import { readTold, readToldSystem, saidBy, type Told } from '../shared/told.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { unpackJson } from '../shared/unpack-json.ts';
import { readPythonMessages } from './python-messages.ts';

/** Which one the value is: who speaks follows where the log does not say. */
export type Side = 'input' | 'output';
/** `alternatives`: further choices of one request (`n > 1`), the first one is in `messages`. */
export type Exchange = { messages: Told[]; tools: ToolDef[]; alternatives: Told[][] };

const nothing = (): Exchange => ({ messages: [], tools: [], alternatives: [] });
const of = (messages: Told[], tools: ToolDef[] = []): Exchange => ({ messages, tools, alternatives: [] });

/** @param side where the value stands: in an input the user speaks where the log does not say, in an output the model */
export function readExchange(value: Json | undefined, spot: Spot, side: Side): Exchange {
  if (value === undefined || value === null) return nothing();
  if (typeof value === 'string') return readText(value, spot, side);
  if (Array.isArray(value)) return readList(value, spot, side);
  if (isObject(value)) return readObject(value, spot, side);
  return of([said(String(value), spot, side)]);
}

const said = (text: string, spot: Spot, side: Side): Told =>
  saidBy(side, [{ type: 'part', part: { type: 'text', text } }], spot);
const held = (value: Json, spot: Spot, side: Side): Told =>
  saidBy(side, [{ type: 'part', part: { type: 'json', value } }], spot);

function readText(text: string, spot: Spot, side: Side): Exchange {
  if (text.trim() === '' || text === 'None' || text === 'null') return nothing();
  const inner = unpackJson(text);
  if (typeof inner === 'object' && inner !== null) return readExchange(inner, intoText(spot), side);
  if (typeof inner === 'string' && inner !== text) return readText(inner, intoText(spot), side);
  const printed = readPythonMessages(text, intoText(spot), side);
  if (printed.length > 0) return of(printed);
  const labelled = readLabelledLines(text, intoText(spot));
  return of(labelled.length > 0 ? labelled : [said(text, spot, side)]);
}

const LABEL = /^(system|developer|user|assistant|tool): ?/;

/** Lines `role: text`; a line that starts with no role goes on with the message before. */
function readLabelledLines(text: string, spot: Spot): Told[] {
  if (!LABEL.test(text)) return [];
  const messages: { role: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const label = LABEL.exec(line);
    if (label) messages.push({ role: label[1]!, lines: [line.slice(label[0].length)] });
    else messages.at(-1)!.lines.push(line);
  }
  if (messages.length === 1 && messages[0]!.role === 'tool') return [];
  return messages.map(({ role, lines }) => readTold({ role, content: lines.join('\n') }, spot, 'input'));
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

function readList(list: Json[], spot: Spot, side: Side): Exchange {
  if (list.length === 0) return nothing();
  if (list.every(isListedCall)) {
    return of([saidBy('output', readCalls(list, spot.pointer), spot)]);
  }
  if (list.every(isChoice)) return readChoices(list, spot);
  if (
    list.every(
      (item) =>
        isObject(item) && typeof item.type === 'string' && !isMessageLike(item) && toolsAmong(item) === undefined,
    )
  ) {
    return of([
      saidBy(
        side,
        list.flatMap((block, i) => readBlock(block, into(spot, i).pointer)),
        spot,
      ),
    ]);
  }
  const messages: Told[] = [];
  const tools: ToolDef[] = [];
  for (const [i, item] of list.entries()) {
    const at = into(spot, i);
    const inner = typeof item === 'string' ? unpackJson(item) : item;
    const place = inner === item ? at : intoText(at);
    const schemas = toolsAmong(inner ?? null);
    if (schemas) tools.push(...schemas);
    else if (isMessageLike(inner)) messages.push(readTold(inner, place, side));
    else {
      const read = readExchange(inner, place, side);
      messages.push(...read.messages);
      tools.push(...read.tools);
    }
  }
  return of(joinItems(messages), tools);
}

/** Items of the Responses API stand one by one: neighbours of one answer are one message. */
function joinItems(messages: readonly Told[]): Told[] {
  const joined: Told[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    const isItem = message.role === undefined && message.id === undefined && message.name === undefined;
    if (
      last &&
      isItem &&
      message.speaker === 'assistant' &&
      last.speaker === 'assistant' &&
      message.pieces.some((piece) => piece.type === 'call')
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
      ? readTold(body, into(at, 'message'), 'output')
      : said(textField(choice.text) ?? '', textField(choice.text) === undefined ? at : into(at, 'text'), 'output');
    const finish = textField(pick(choice, 'finish_reason', 'finishReason'));
    if (finish) message.finish = finish;
    return [message];
  });
  const [first, ...others] = read;
  return { messages: first ? [first] : [], tools: [], alternatives: others.map((message) => [message]) };
}

const USER_KEYS = ['prompt', 'input', 'query', 'question', 'args'] as const;
const MODEL_KEYS = ['completion', 'text', 'response', 'answer', 'output', 'result'] as const;

function readObject(value: JsonObject, spot: Spot, side: Side): Exchange {
  const around = toolsBeside(value);
  const read = readShape(value, spot, side);
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

function readShape(value: JsonObject, spot: Spot, side: Side): Exchange {
  const messages = unpackJson(value.messages);
  if (Array.isArray(messages)) return readRequest(value, messages, spot, side);
  const contents = unpackJson(value.contents);
  if (contents !== undefined && contents !== null) return readGeminiRequest(value, contents, spot);
  if (Array.isArray(value.candidates)) return readCandidates(value.candidates, into(spot, 'candidates'));
  if (Array.isArray(value.choices)) return readChoices(value.choices, into(spot, 'choices'));
  if (isChoice(value)) return readChoices([value], spot);
  if (Array.isArray(value.generations)) return readGenerations(value.generations, into(spot, 'generations'));
  if (isGeminiContent(value.content)) {
    const message = readTold(value.content, into(spot, 'content'), side);
    const finish = textField(pick(value, 'finish_reason', 'finishReason'));
    if (finish) message.finish = finish;
    return of([message]);
  }
  if (value.object === 'response' || (Array.isArray(value.output) && value.output.some(isMessageLike)))
    return readResponse(value, spot);
  const wrapped = asObject(value.output);
  if (wrapped && isObject(wrapped.message))
    return of([readTold(wrapped.message, into(spot, 'output', 'message'), 'output')]);
  const parts = value.role === undefined ? asArray(value.parts) : undefined;
  if (parts) {
    const pieces = parts.flatMap((block, i) => readBlock(block, into(spot, 'parts', i).pointer));
    return of([saidBy(side, pieces, spot)]);
  }
  if (isMessageLike(value)) return of([readTold(value, spot, side)]);
  return readNamedText(value, spot, side);
}

const isGeminiContent = (value: Json | undefined): value is JsonObject => isObject(value) && Array.isArray(value.parts);

function readRequest(value: JsonObject, messages: Json[], spot: Spot, side: Side): Exchange {
  const at = typeof value.messages === 'string' ? intoText(into(spot, 'messages')) : into(spot, 'messages');
  // LangChain logs a batch: a list in a list.
  const isBatch = messages.length > 0 && messages.every(Array.isArray);
  const first = isBatch ? (messages[0] as Json[]) : messages;
  const read = readList(first, isBatch ? into(at, 0) : at, side);
  const system = value.system ?? value.instructions;
  const before = readToldSystem(system, into(spot, value.system === undefined ? 'instructions' : 'system'));
  return { ...read, messages: [...before, ...read.messages] };
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
      : readToldSystem(inConfig ? config[key] : value[key], inConfig ? into(spot, 'config', key) : into(spot, key));
  const at = into(spot, 'contents');
  const read = readExchange(contents, at, 'input');
  return { ...read, messages: [...system, ...read.messages] };
}

function readCandidates(candidates: readonly Json[], spot: Spot): Exchange {
  const read = candidates.flatMap((candidate, i) => {
    if (!isObject(candidate)) return [];
    const content = asObject(candidate.content) ?? {};
    const message = readTold({ role: 'model', ...content }, into(spot, i, 'content'), 'output');
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
  const read = (first ?? []).flatMap((generation, i): Told[] => {
    if (!isObject(generation)) return [];
    const message = unpackJson(generation.message);
    if (isMessageLike(message)) return [readTold(message, into(at, i, 'message'), 'output')];
    const text = textField(generation.text);
    return text === undefined ? [] : [said(text, into(at, i, 'text'), 'output')];
  });
  const [one, ...others] = read;
  return { messages: one ? [one] : [], tools: [], alternatives: others.map((message) => [message]) };
}

/** An answer of the Responses API repeats its instructions; they are returned as a system message before it. */
function readResponse(value: JsonObject, spot: Spot): Exchange {
  const system = readToldSystem(value.instructions, into(spot, 'instructions'));
  const output = asArray(value.output) ?? [];
  const items = output.flatMap((item, i) =>
    isObject(item) ? [readTold(item, into(spot, 'output', i), 'output')] : [],
  );
  const answers = items.filter((item) => item.speaker === 'assistant');
  const rest = items.filter((item) => item.speaker !== 'assistant');
  const answer = answers.length > 0 ? [{ ...answers[0]!, pieces: answers.flatMap((item) => item.pieces) }] : [];
  if (answer[0] && value.status === 'incomplete') answer[0].finish = 'length';
  return of([...system, ...answer, ...rest]);
}

/** Text under one of the usual names; an object that has none of them is kept as it is. */
function readNamedText(value: JsonObject, spot: Spot, side: Side): Exchange {
  const prompts = unpackJson(value.prompts);
  if (Array.isArray(prompts) && prompts.every((prompt) => typeof prompt === 'string')) {
    return of(prompts.map((prompt, i) => said(prompt as string, into(spot, 'prompts', i), 'input')));
  }
  const keys = side === 'input' ? USER_KEYS : MODEL_KEYS;
  for (const key of keys) {
    const inner = value[key];
    if (inner === undefined || inner === null) continue;
    if (typeof inner === 'string') return readText(inner, into(spot, key), side);
    if (key === 'args' && Array.isArray(inner) && inner.length > 0 && inner.every((item) => typeof item === 'string')) {
      return of(inner.map((item, i) => said(item as string, into(spot, key, i), side)));
    }
    const read = readExchange(inner, into(spot, key), side);
    if (
      read.messages.some((message) =>
        message.pieces.some((piece) => piece.type !== 'part' || piece.part.type !== 'json'),
      )
    )
      return read;
  }
  const calls = asArray(value.tool_calls) ?? asArray(value.toolCalls);
  if (calls && side === 'output')
    return of([
      readTold({ role: 'assistant', content: value.text ?? value.content ?? null, tool_calls: calls }, spot, side),
    ]);
  if (Object.keys(value).length === 0 || onlyTools(value)) return nothing();
  return of([held(value, spot, side)]);
}

const onlyTools = (value: JsonObject): boolean =>
  Object.keys(value).every((key) => key === 'tools' || key === 'functions' || key === 'model');
