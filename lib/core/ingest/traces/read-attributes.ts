/**
 * A span's attributes, in any dialect of GenAI: the current conventions, their older indexed form (OpenLLMetry),
 * OpenInference, Vercel AI SDK. Says what kind of span it is and reads its messages, tools, figures and outcome.
 */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { ToolDef } from '../../trajectory/trajectory.ts';
import { amountField, numberField, pick, present, textField } from '../shared/fields.ts';
import { asArray, asId, asObject, dig } from '../shared/json-access.ts';
import { readParts } from '../shared/read-block.ts';
import { into, intoText, type Spot } from '../shared/spot.ts';
import { readTold, readToldSystem, type Told } from '../shared/told.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { unpackJson } from '../shared/unpack-json.ts';
import { readFinish } from '../shared/usage.ts';
import { isUsersScore, readThumb } from './judge-words.ts';
import { MAX_STEPS, nestAttributes } from './nest.ts';
import { type Exchange, readExchange } from './read-exchange.ts';
import type { Span, SpanKind } from './span.ts';

/** Where the attribute of this name (or the first one under it) stands. */
export type Locate = (name: string) => Spot;

export type AttributeReading = Partial<
  Pick<
    Span,
    | 'kind'
    | 'sessionId'
    | 'userId'
    | 'input'
    | 'output'
    | 'alternatives'
    | 'tools'
    | 'step'
    | 'tool'
    | 'documents'
    | 'query'
    | 'agent'
    | 'feedback'
  >
>;

const OPERATIONS: Record<string, SpanKind> = {
  chat: 'model',
  generate_content: 'model',
  text_completion: 'model',
  completion: 'model',
  execute_tool: 'tool',
  invoke_agent: 'agent',
  create_agent: 'agent',
  retrieval: 'retrieval',
  retrieve: 'retrieval',
  embeddings: 'other',
};
const OPENINFERENCE: Record<string, SpanKind> = { LLM: 'model', TOOL: 'tool', AGENT: 'agent', RETRIEVER: 'retrieval' };
const TRACELOOP: Record<string, SpanKind> = { tool: 'tool', agent: 'agent' };

/** @param given attributes by name, values as logged (JSON in strings allowed) */
export function readAttributes(given: JsonObject, locate: Locate): AttributeReading {
  const attributes = nestAttributes(given);
  const at = (...path: string[]): Json | undefined => dig(attributes, ...path);
  const kind = kindOf(at);
  const reading: AttributeReading = present({
    kind,
    sessionId: sessionOf(at),
    userId: asId(at('user', 'id') ?? at('enduser', 'id') ?? associated(at, 'user_id')),
    agent: agentOf(at),
    feedback: evaluationOf(at, locate),
  });
  if (kind === 'tool') return { ...reading, ...present({ tool: readTool(at) }) };
  if (kind === 'retrieval') return { ...reading, ...readRetrieval(at) };
  if (kind === 'agent' || kind === 'other') return reading;
  return { ...reading, ...readModel(at, locate, kind === 'model') };
}

type At = (...path: string[]) => Json | undefined;

/** Names of attributes that say which session or conversation a span belongs to, dotted or the first step of a tree. */
export const NAMES_SESSION =
  /^(?:gen_ai(?:\.conversation(?:\..*)?)?|session(?:\..*)?|traceloop(?:\.association(?:\..*)?)?)$/;

/** The session alone, without reading what else is there. */
export function readSessionId(given: JsonObject): string | undefined {
  const named: JsonObject = Object.create(null);
  for (const name of Object.keys(given)) if (NAMES_SESSION.test(name)) named[name] = given[name]!;
  const attributes = nestAttributes(named);
  return sessionOf((...path) => dig(attributes, ...path));
}

const sessionOf = (at: At): string | undefined =>
  asId(
    at('gen_ai', 'conversation', 'id') ??
      at('session', 'id') ??
      associated(at, 'session_id', 'thread_id', 'conversation_id'),
  );

const associated = (at: At, ...names: string[]): Json | undefined => {
  const held = asObject(at('traceloop', 'association', 'properties'));
  return held && pick(held, ...names);
};

function kindOf(at: At): SpanKind | undefined {
  const operation = textField(at('gen_ai', 'operation', 'name'));
  if (operation !== undefined) return OPERATIONS[operation] ?? 'other';
  const openinference = textField(at('openinference', 'span', 'kind'));
  if (openinference !== undefined) return OPENINFERENCE[openinference.toUpperCase()] ?? 'other';
  const sdk = textField(at('ai', 'operationId'));
  if (sdk !== undefined) return sdk === 'ai.toolCall' ? 'tool' : /embed/i.test(sdk) ? 'other' : 'model';
  const traceloop = textField(at('traceloop', 'span', 'kind'));
  if (traceloop !== undefined) return TRACELOOP[traceloop] ?? 'other';
  if (at('llm', 'request', 'type') !== undefined)
    return at('llm', 'request', 'type') === 'embedding' ? 'other' : 'model';
  if (textField(at('gen_ai', 'tool', 'name')) !== undefined && at('gen_ai', 'input') === undefined) return 'tool';
  const tells = [
    at('gen_ai', 'prompt'),
    at('gen_ai', 'completion'),
    at('gen_ai', 'input', 'messages'),
    at('gen_ai', 'output', 'messages'),
    at('llm', 'input_messages'),
    at('llm', 'output_messages'),
    at('llm', 'prompts'),
  ];
  return tells.some((value) => value !== undefined) ? 'model' : undefined;
}

function agentOf(at: At): Span['agent'] {
  const name =
    textField(at('gen_ai', 'agent', 'name')) ?? textField(at('agent', 'name')) ?? textField(at('agent_name'));
  return name === undefined ? undefined : present({ name, version: textField(at('gen_ai', 'agent', 'version')) });
}

/** The result of an automatic evaluation: a judge's word on the answer of this span. */
function evaluationOf(at: At, locate: Locate): Span['feedback'] {
  const name = textField(at('gen_ai', 'evaluation', 'name'));
  const score = numberField(at('gen_ai', 'evaluation', 'score', 'value'));
  const label = textField(at('gen_ai', 'evaluation', 'score', 'label'));
  const value = score ?? label;
  if (value === undefined) return undefined;
  const explanation = textField(at('gen_ai', 'evaluation', 'explanation'));
  const said = [score !== undefined && label !== undefined ? `${label}:` : undefined, explanation]
    .filter(Boolean)
    .join(' ');
  const judged = isUsersScore(name)
    ? readThumb(name, value, label)
    : { signal: score === undefined ? ('label' as const) : ('score' as const), value, by: 'judge' as const };
  return [present({ ...judged, name, comment: said || undefined, spot: locate('gen_ai.evaluation') })];
}

// --- model calls ---------------------------------------------------------------------------------------------------

function readModel(at: At, locate: Locate, isModel: boolean): AttributeReading {
  const input = readInput(at, locate);
  const output = readOutput(at, locate);
  if (!isModel && input.messages.length === 0 && output.messages.length === 0) return {};
  const tools = [...readTools(at), ...input.tools, ...output.tools];
  return {
    ...present({
      input: input.messages.length > 0 ? input.messages : undefined,
      output: output.messages.length > 0 ? output.messages : undefined,
      alternatives: output.alternatives.length > 0 ? output.alternatives : undefined,
      tools: tools.length > 0 ? tools : undefined,
    }),
    step: readStep(at, output.messages),
  };
}

const firstRead = (...reads: (() => Exchange)[]): Exchange => {
  for (const read of reads) {
    const exchange = read();
    if (exchange.messages.length > 0) return exchange;
  }
  return { messages: [], tools: [], alternatives: [] };
};

function readInput(at: At, locate: Locate): Exchange {
  const read = (name: string, value: Json | undefined) => readExchange(value, locate(name), 'input');
  const told = firstRead(
    () => read('gen_ai.input.messages', at('gen_ai', 'input', 'messages')),
    () => indexed(at('gen_ai', 'prompt'), 'gen_ai.prompt', locate, 'input'),
    () => openInferenceMessages(at('llm', 'input_messages'), 'llm.input_messages', locate, 'input'),
    () => read('ai.prompt.messages', at('ai', 'prompt', 'messages')),
    () => read('ai.prompt', asObject(at('ai', 'prompt')) ? dig(at('ai', 'prompt'), '') : at('ai', 'prompt')),
    () =>
      read(
        'llm.prompts',
        asArray(at('llm', 'prompts'))?.map((item) => dig(item, 'prompt', 'text') ?? dig(item, 'text') ?? item),
      ),
    () => read('input.value', at('input', 'value')),
    () => read('traceloop.entity.input', at('traceloop', 'entity', 'input')),
  );
  const system = readToldSystem(at('gen_ai', 'system_instructions'), locate('gen_ai.system_instructions'));
  const hasSystem = told.messages.some((message) => message.speaker === 'system');
  return hasSystem ? told : { ...told, messages: [...system, ...told.messages] };
}

function readOutput(at: At, locate: Locate): Exchange {
  const read = (name: string, value: Json | undefined) => readExchange(value, locate(name), 'output');
  return firstRead(
    () => choicesApart(read('gen_ai.output.messages', at('gen_ai', 'output', 'messages'))),
    () => choicesApart(indexed(at('gen_ai', 'completion'), 'gen_ai.completion', locate, 'output')),
    () => openInferenceMessages(at('llm', 'output_messages'), 'llm.output_messages', locate, 'output'),
    () => sdkAnswer(at, locate),
    () => read('output.value', at('output', 'value')),
    () => read('traceloop.entity.output', at('traceloop', 'entity', 'output')),
  );
}

/** Each output message that ended by itself is a choice of one request; the first is the answer. */
function choicesApart(read: Exchange): Exchange {
  const answers = read.messages.filter((message) => message.speaker === 'assistant');
  if (answers.length < 2 || !answers.every((message) => message.finish !== undefined)) return read;
  const others = new Set(answers.slice(1));
  return {
    ...read,
    messages: read.messages.filter((message) => !others.has(message)),
    alternatives: [...others].map((message) => [message]),
  };
}

const SPEAKER = { input: 'user', output: 'assistant' } as const;

/** `gen_ai.prompt.0.role`, `gen_ai.prompt.0.tool_calls.0.name` …, as a list after nesting. */
function indexed(value: Json | undefined, name: string, locate: Locate, side: 'input' | 'output'): Exchange {
  const list = asArray(value);
  if (!list)
    return typeof value === 'string'
      ? readExchange(value, locate(name), side)
      : { messages: [], tools: [], alternatives: [] };
  const messages = list.flatMap((item, i): Told[] => {
    if (!isObject(item)) return [];
    const content = unpackJson(item.content);
    const fields: JsonObject = { ...item, role: item.role ?? SPEAKER[side] };
    // Content blocks are logged as JSON in a string; any other JSON is what was said.
    const isBlocks =
      Array.isArray(content) && content.every((block) => isObject(block) && typeof block.type === 'string');
    if (isBlocks) fields.content = content;
    const spot = locate(`${name}.${i}`);
    return [readTold(fields, intoText(spot), side)];
  });
  return { messages, tools: [], alternatives: [] };
}

/** `llm.input_messages.0.message.contents.0.message_content.text`, `…tool_calls.0.tool_call.function.name`. */
function openInferenceMessages(
  value: Json | undefined,
  name: string,
  locate: Locate,
  side: 'input' | 'output',
): Exchange {
  const messages = (asArray(value) ?? []).flatMap((item, i): Told[] => {
    const message = asObject(dig(item, 'message')) ?? asObject(item);
    if (!message) return [];
    const fields: JsonObject = { ...message, role: message.role ?? SPEAKER[side] };
    const contents = asArray(message.contents);
    if (contents) {
      const blocks = contents.map((block) => openInferenceBlock(asObject(dig(block, 'message_content')) ?? block));
      fields.content =
        typeof message.content === 'string' ? [{ type: 'text', text: message.content }, ...blocks] : blocks;
    }
    const calls = asArray(message.tool_calls);
    if (calls) fields.tool_calls = calls.map((call) => dig(call, 'tool_call') ?? call);
    const single = textField(message.function_call_name);
    if (single !== undefined)
      fields.function_call = { name: single, arguments: message.function_call_arguments_json ?? null };
    return [readTold(fields, intoText(locate(`${name}.${i}`)), side)];
  });
  return { messages, tools: [], alternatives: [] };
}

function openInferenceBlock(block: Json): Json {
  if (!isObject(block) || block.type !== 'image') return block;
  const url = dig(block, 'image', 'image', 'url') ?? dig(block, 'image', 'url');
  return url === undefined ? block : { type: 'image', url };
}

function sdkAnswer(at: At, locate: Locate): Exchange {
  const text = at('ai', 'response', 'text');
  const object = at('ai', 'response', 'object');
  const calls = unpackJson(at('ai', 'response', 'toolCalls'));
  const reasoning = at('ai', 'response', 'reasoning');
  if (text === undefined && calls === undefined && object === undefined)
    return { messages: [], tools: [], alternatives: [] };
  const spot = intoText(locate(text === undefined ? 'ai.response' : 'ai.response.text'));
  const fields: JsonObject = {
    role: 'assistant',
    content: text ?? object ?? null,
    ...(Array.isArray(calls) ? { tool_calls: calls } : {}),
    ...(typeof reasoning === 'string' ? { reasoning } : {}),
  };
  return { messages: [readTold(fields, spot, 'output')], tools: [], alternatives: [] };
}

/** Schemas: under the conventions' name, OpenInference's and OpenLLMetry's indexed ones, the SDKs' own. */
export function readTools(at: At): ToolDef[] {
  const settings = unpackJson(at('model_request_parameters'));
  const places: (Json | undefined)[] = [
    at('gen_ai', 'tool', 'definitions'),
    at('gen_ai', 'agent', 'tools'),
    asArray(at('llm', 'tools'))?.map((item) => dig(item, 'tool', 'json_schema') ?? dig(item, 'tool') ?? item),
    at('llm', 'request', 'functions'),
    at('ai', 'prompt', 'tools'),
    isObject(settings)
      ? [...(asArray(settings.function_tools) ?? []), ...(asArray(settings.output_tools) ?? [])]
      : undefined,
  ];
  for (const place of places) {
    const tools = readToolDefs(place);
    if (tools.length > 0) return tools;
  }
  return [];
}

function readStep(at: At, output: readonly Told[]): NonNullable<Span['step']> {
  const llm = asObject(at('llm')) ?? {};
  const model =
    textField(at('gen_ai', 'response', 'model')) ??
    textField(dig(llm.response, 'model')) ??
    textField(llm.model_name) ??
    textField(at('ai', 'response', 'model')) ??
    textField(at('gen_ai', 'request', 'model')) ??
    textField(dig(llm.request, 'model')) ??
    textField(at('ai', 'model', 'id'));
  const provider =
    textField(at('gen_ai', 'provider', 'name')) ??
    textField(at('gen_ai', 'system')) ??
    textField(llm.provider) ??
    textField(llm.system) ??
    textField(at('ai', 'model', 'provider'));
  const reasons =
    at('gen_ai', 'response', 'finish_reasons') ??
    at('ai', 'response', 'finishReason') ??
    dig(llm.response, 'finish_reason');
  const reason =
    textField(asArray(unpackJson(reasons))?.[0] ?? reasons) ?? output.findLast((message) => message.finish)?.finish;
  const responseId = asId(at('gen_ai', 'response', 'id') ?? at('ai', 'response', 'id'));
  const firstChunk = amountField(at('gen_ai', 'response', 'time_to_first_chunk'));
  return present({
    model,
    provider,
    aliases: responseId === undefined ? undefined : [responseId],
    params: readParams(at),
    usage: readUsage(at),
    finish: readFinish(reason),
    ttftMs: firstChunk === undefined ? amountField(at('ai', 'response', 'msToFirstChunk')) : firstChunk * 1000,
  });
}

function readParams(at: At): JsonObject | undefined {
  const logged = unpackJson(at('llm', 'invocation_parameters'));
  const request = asObject(at('gen_ai', 'request'));
  const params: JsonObject = Object.create(null);
  if (isObject(logged)) Object.assign(params, logged);
  for (const name of Object.keys(request ?? {})) if (name !== 'model') params[name] = request![name]!;
  // Schemas have their own place.
  for (const name of ['tools', 'functions', 'model', 'messages']) delete params[name];
  return Object.keys(params).length > 0 ? params : undefined;
}

function readUsage(at: At): NonNullable<Span['step']>['usage'] {
  const usage = asObject(at('gen_ai', 'usage')) ?? {};
  const counts = asObject(at('llm', 'token_count')) ?? {};
  const sdk = asObject(at('ai', 'usage')) ?? {};
  const total = (value: Json | undefined): number | undefined => amountField(isObject(value) ? value[''] : value);
  const read = present({
    in:
      total(usage.input_tokens) ??
      total(usage.prompt_tokens) ??
      total(counts.prompt) ??
      total(sdk.inputTokens) ??
      total(sdk.promptTokens),
    out:
      total(usage.output_tokens) ??
      total(usage.completion_tokens) ??
      total(counts.completion) ??
      total(sdk.outputTokens) ??
      total(sdk.completionTokens),
    cached:
      amountField(dig(usage.cache_read, 'input_tokens')) ??
      total(usage.cache_read_input_tokens) ??
      amountField(dig(counts.prompt_details, 'cache_read')) ??
      total(sdk.cachedInputTokens),
    reasoning:
      amountField(dig(usage.reasoning, 'output_tokens')) ??
      amountField(dig(counts.completion_details, 'reasoning')) ??
      total(sdk.reasoningTokens),
  });
  return Object.keys(read).length > 0 ? read : undefined;
}

// --- tools and retrievals ------------------------------------------------------------------------------------------

function readTool(at: At): Span['tool'] {
  const tool = asObject(at('gen_ai', 'tool')) ?? {};
  const sdk = asObject(at('ai', 'toolCall')) ?? {};
  const entity = asObject(at('traceloop', 'entity')) ?? {};
  const name =
    textField(tool.name) ??
    textField(at('tool', 'name')) ??
    textField(sdk.name) ??
    textField(entity.name) ??
    textField(at('tool_name'));
  if (name === undefined) return undefined;
  const callId = asId(dig(tool.call, 'id') ?? at('tool_call', 'id') ?? at('tool', 'id') ?? sdk.id);
  const given =
    dig(tool.call, 'arguments') ??
    at('tool_arguments') ??
    sdk.args ??
    at('input', 'value') ??
    toolArguments(entity.input) ??
    at('tool', 'parameters');
  const results = [dig(tool.call, 'result'), at('tool_response'), sdk.result, at('output', 'value'), entity.output];
  const brought = results.find((value) => value !== undefined && value !== null);
  const parts = brought === undefined ? undefined : readParts(brought);
  return { name, arguments: given, ...present({ callId, parts }) };
}

/** OpenLLMetry wraps what a function was given: `{"args": [], "kwargs": {…}}`, `{"inputs": {…}}`. */
function toolArguments(value: Json | undefined): Json | undefined {
  const held = unpackJson(value);
  if (!isObject(held)) return value;
  const kwargs = asObject(held.kwargs);
  if (kwargs && Object.keys(kwargs).length > 0 && (asArray(held.args) ?? []).length === 0) return kwargs;
  return asObject(held.inputs) ?? held;
}

function readRetrieval(at: At): AttributeReading {
  const listed = asArray(unpackJson(at('retrieval', 'documents') ?? at('gen_ai', 'retrieval', 'documents'))) ?? [];
  const documents = listed.flatMap((item) => readDocument(dig(item, 'document') ?? item));
  const query = textField(at('gen_ai', 'retrieval', 'query', 'text')) ?? textField(at('input', 'value'));
  if (documents.length === 0) {
    const output = at('output', 'value');
    if (output !== undefined)
      documents.push(
        ...readParts(output).flatMap((part) =>
          part.type === 'text' ? [{ type: 'document' as const, text: part.text }] : [part],
        ),
      );
  }
  return { documents, ...present({ query }) };
}

/** One passage: text, id, title, address and score under their usual names. */
export function readDocument(value: Json): Part[] {
  if (typeof value === 'string') return [{ type: 'document', text: value }];
  if (!isObject(value)) return [];
  const metadata = asObject(unpackJson(value.metadata)) ?? {};
  const text = textField(pick(value, 'content', 'page_content', 'pageContent', 'text'));
  const score = numberField(pick(value, 'score', 'relevance_score'));
  return [
    {
      type: 'document',
      ...present({
        id: asId(pick(value, 'id', 'document_id')) ?? asId(metadata.id),
        title: textField(value.title) ?? textField(metadata.title),
        uri: textField(pick(value, 'uri', 'url', 'source')) ?? textField(pick(metadata, 'source', 'url')),
        text,
        score,
      }),
    },
  ];
}

/** Spots of attributes by name; a name without an own attribute stands where the first one under it does. */
export function locateIn(spots: ReadonlyMap<string, Spot>, fallback: Spot): Locate {
  let under: Map<string, Spot> | undefined;
  return (name) => {
    const own = spots.get(name);
    if (own) return own;
    under ??= firstUnder(spots);
    return under.get(name) ?? fallback;
  };
}

/** For each beginning of a dotted name: the first attribute under it, one of text before any other. */
function firstUnder(spots: ReadonlyMap<string, Spot>): Map<string, Spot> {
  const first = new Map<string, Spot>();
  const isText = new Set<string>();
  for (const [key, spot] of spots) {
    const says = /content$|text$/.test(key);
    let steps = 0;
    for (let at = key.indexOf('.'); at >= 0 && ++steps <= MAX_STEPS; at = key.indexOf('.', at + 1)) {
      const name = key.slice(0, at);
      if (first.has(name) && (!says || isText.has(name))) continue;
      first.set(name, spot);
      if (says) isText.add(name);
    }
  }
  return first;
}

/** Spots of a logged object's attributes: dotted names as they are, nested ones joined. */
export function spotsOf(
  attributes: JsonObject,
  spot: Spot,
  prefix = '',
  spots = new Map<string, Spot>(),
): Map<string, Spot> {
  for (const key of Object.keys(attributes)) {
    const value = attributes[key];
    const name = prefix + key;
    spots.set(name, into(spot, key));
    if (isObject(value)) spotsOf(value, into(spot, key), `${name}.`, spots);
  }
  return spots;
}
