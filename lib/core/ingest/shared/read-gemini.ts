/** Contents and candidates of the Gemini API, in camel case and in the snake case of its Python libraries. */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { DraftStep } from '../adapter.ts';
import { asArray, asId, asObject, asText, dig, firstText, pointerTo } from './json-access.ts';
import type { Message, Piece } from './message.ts';
import { readContent } from './read-block.ts';
import { readError } from './read-error.ts';
import { readRole } from './roles.ts';
import type { Answer } from './thread-joiner.ts';
import { readFinish, readUsage } from './usage.ts';

export const isContent = (value: Json | undefined): boolean => isObject(value) && Array.isArray(value.parts);
export const isCandidates = (value: JsonObject): boolean =>
  asArray(value.candidates)?.some((candidate) => isObject(candidate)) === true;

/** Text, one content, a list of contents, or a list of parts. */
export function readContents(contents: Json | undefined, pointer: string): Message[] {
  if (contents === undefined || contents === null) return [];
  if (!Array.isArray(contents)) return [readGeminiContent(contents, pointer, 'input')];
  if (contents.some(isContent))
    return contents.map((content, index) => readGeminiContent(content, pointerTo(pointer, index), 'input'));
  return [{ speaker: 'user', pieces: readContent(contents, pointer), pointer }];
}

export function readGeminiContent(content: Json, pointer: string, side: 'input' | 'output'): Message {
  const value = asObject(content);
  if (!value)
    return { speaker: side === 'input' ? 'user' : 'assistant', pieces: readContent(content, pointer), pointer };
  const found = readRole(asText(value.role), side);
  const pieces = Array.isArray(value.parts)
    ? readContent(joined(value.parts), pointerTo(pointer, 'parts'))
    : readContent(value.text ?? null, pointer);
  const isResults = pieces.length > 0 && pieces.every(({ type }) => type === 'result');
  const message: Message = {
    speaker: isResults && found.speaker !== 'assistant' ? 'tool' : found.speaker,
    pieces,
    pointer,
  };
  if (found.role !== undefined && !isResults) message.role = found.role;
  if (found.isInferred) message.flags = ['role_inferred'];
  return message;
}

/** Chunks cut text where it falls: pieces of one kind in a row are one text. Places then count what came out. */
function joined(parts: readonly Json[]): Json[] {
  const whole: Json[] = [];
  for (const part of parts) {
    const last = asObject(whole.at(-1));
    const next = asObject(part);
    const canJoin =
      last &&
      next &&
      isBareText(last) &&
      typeof next.text === 'string' &&
      (last.thought === true) === (next.thought === true);
    if (canJoin) whole[whole.length - 1] = { ...next, text: `${last.text}${next.text}` };
    else whole.push(part);
  }
  return whole.length === parts.length ? [...parts] : whole;
}

const isBareText = (part: JsonObject): boolean =>
  typeof part.text === 'string' && Object.keys(part).every((key) => key === 'text' || key === 'thought');

/** One answer for each candidate; an error for a prompt that was blocked or a body that is one. */
export function readCandidates(response: JsonObject, at: string, fields: DraftStep): Answer[] {
  const usage = readUsage(response.usageMetadata ?? response.usage_metadata);
  const externalId = asId(response.responseId) ?? asId(response.response_id);
  const model = firstText(response, 'modelVersion', 'model_version') ?? fields.model;
  const step: DraftStep = {
    ...(externalId !== undefined && { externalId }),
    ...fields,
    provider: 'google',
    ...(model !== undefined && { model }),
    ...(usage && { usage }),
  };
  const failure = readError(response.error);
  if (failure)
    return [{ error: { info: failure, pointer: pointerTo(at, 'error') }, step: { ...step, finish: 'error' } }];
  const feedback = asObject(response.promptFeedback) ?? asObject(response.prompt_feedback);
  const blocked = feedback && firstText(feedback, 'blockReason', 'block_reason');
  const answers = (asArray(response.candidates) ?? []).map((candidate, index) =>
    readCandidate(asObject(candidate) ?? {}, pointerTo(at, 'candidates', index), step),
  );
  if (answers.length > 0 || !blocked) return answers;
  const message = firstText(feedback, 'blockReasonMessage', 'block_reason_message') ?? blocked;
  const where = 'promptFeedback' in response ? 'promptFeedback' : 'prompt_feedback';
  return [
    {
      error: { info: { where: 'guardrail', type: blocked, message }, pointer: pointerTo(at, where) },
      step: { ...step, finish: 'filter' },
    },
  ];
}

function readCandidate(candidate: JsonObject, at: string, step: DraftStep): Answer {
  const message = readGeminiContent(
    candidate.content ?? {},
    isObject(candidate.content) ? pointerTo(at, 'content') : at,
    'output',
  );
  message.speaker = 'assistant';
  delete message.flags;
  const word = firstText(candidate, 'finishReason', 'finish_reason');
  const called = message.pieces.some((piece) => piece.type === 'call' && piece.call.origin !== 'server');
  const finish = called && word === 'STOP' ? 'tool' : readFinish(word);
  const grounds = documentsOf(candidate);
  if (grounds.length > 0)
    message.pieces.unshift({ type: 'retrieval', parts: grounds, pointer: pointerTo(at, 'groundingMetadata') });
  const full = { ...step, ...(finish && { finish }) };
  const said = firstText(candidate, 'finishMessage', 'finish_message');
  if (word === 'MALFORMED_FUNCTION_CALL' && message.pieces.length === 0) {
    return { error: { info: { where: 'provider', type: word, message: said ?? word }, pointer: at }, step: full };
  }
  return { message, step: full };
}

function documentsOf(candidate: JsonObject): Part[] {
  const chunks = asArray(dig(candidate, 'groundingMetadata', 'groundingChunks')) ?? [];
  return chunks.flatMap((chunk): Part[] => {
    const page =
      asObject(dig(chunk, 'web')) ?? asObject(dig(chunk, 'retrievedContext')) ?? asObject(dig(chunk, 'maps'));
    if (!page) return [];
    const title = asText(page.title);
    const uri = asText(page.uri);
    const text = asText(page.text);
    return [
      {
        type: 'document',
        ...(title !== undefined && { title }),
        ...(uri !== undefined && { uri }),
        ...(text !== undefined && { text }),
      },
    ];
  });
}

/** Chunks of one answer as the answer they make: parts one after another, the last word on everything else. */
export function mergeChunks(chunks: readonly JsonObject[]): JsonObject {
  const candidates = new Map<number, JsonObject>();
  const parted = new Map<number, Json[]>();
  const merged: JsonObject = Object.create(null);
  for (const chunk of chunks) {
    for (const key of Object.keys(chunk)) if (chunk[key] !== null) merged[key] = chunk[key]!;
    for (const [position, item] of (asArray(chunk.candidates) ?? []).entries()) {
      const candidate = asObject(item) ?? {};
      const index = typeof candidate.index === 'number' ? candidate.index : position;
      const known = candidates.get(index) ?? {};
      const content = asObject(candidate.content) ?? {};
      const before = asObject(known.content) ?? {};
      // One list that grows: a copy a chunk would take as long as their number squared.
      const parts = parted.get(index) ?? [];
      parted.set(index, parts);
      for (const part of asArray(content.parts) ?? []) parts.push(part);
      candidates.set(index, { ...known, ...candidate, content: { ...before, ...content, parts } });
    }
  }
  merged.candidates = [...candidates].sort(([a], [b]) => a - b).map(([, candidate]) => candidate);
  return merged;
}

export const hasFinished = (response: JsonObject): boolean =>
  asArray(response.candidates)?.some((candidate) =>
    firstText(asObject(candidate) ?? {}, 'finishReason', 'finish_reason'),
  ) === true;

/** Steps, outputs or inputs of the Interactions API as messages. */
export function readSteps(steps: Json | undefined, pointer: string, side: 'input' | 'output'): Message[] {
  if (typeof steps === 'string' || !Array.isArray(steps)) return readContents(steps, pointer);
  const messages: Message[] = [];
  for (const [index, step] of steps.entries()) {
    const message = readStep(step, pointerTo(pointer, index), side);
    const last = messages.at(-1);
    if (last && last.speaker === message.speaker && message.speaker === 'assistant')
      last.pieces.push(...message.pieces);
    else messages.push(message);
  }
  return messages;
}

function readStep(step: Json, pointer: string, side: 'input' | 'output'): Message {
  const value = asObject(step);
  const type = asText(value?.type);
  if (!value || type === undefined) return readGeminiContent(step, pointer, side);
  if (type === 'user_input' || type === 'model_output') {
    const speaker = type === 'user_input' ? 'user' : 'assistant';
    return {
      speaker,
      pieces: readContent(value.content ?? value.text ?? null, pointerTo(pointer, 'content')),
      pointer,
    };
  }
  if (type === 'thought') {
    const summary = Array.isArray(value.summary) ? value.summary : [value.summary ?? value.text ?? null];
    const texts = summary.flatMap((item) => asText(item) ?? firstText(asObject(item) ?? {}, 'text') ?? []);
    const blocks: Json[] = texts.map((text) => ({ type: 'thinking', thinking: text }));
    if (typeof value.signature === 'string') blocks.push({ type: 'thinking', signature: value.signature });
    return { speaker: 'assistant', pieces: readContent(blocks, pointer), pointer };
  }
  const isResult = type.endsWith('_result');
  const isServer = !type.startsWith('function_');
  const pieces: Piece[] = readContent([value], pointer).map((piece): Piece => {
    if ('pointer' in piece) piece.pointer = pointer;
    return piece;
  });
  if (isResult || type.endsWith('_call')) {
    const callId = asId(value.call_id) ?? asId(value.id);
    const name = asText(value.name) ?? type.replace(/_(?:call|result)$/, '');
    const id = callId === undefined ? {} : { callId };
    if (!isResult) {
      const call = { ...id, name, arguments: value.arguments, ...(isServer && { origin: 'server' as const }) };
      return { speaker: 'assistant', pieces: [{ type: 'call', call, pointer }], pointer };
    }
    const status = value.is_error === true ? { status: 'error' as const } : {};
    const parts = readContent(value.result ?? value.output ?? null, pointer).map(
      (piece): Part => (piece.type === 'part' ? piece.part : { type: 'json', value }),
    );
    return {
      speaker: isServer ? 'assistant' : 'tool',
      pieces: [{ type: 'result', result: { ...id, name, ...status }, parts, pointer }],
      pointer,
    };
  }
  return { speaker: side === 'output' ? 'assistant' : 'user', pieces, pointer };
}
