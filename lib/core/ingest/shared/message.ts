/**
 * A message as any of the wire formats logs it, taken apart into what becomes events: content, calls, results. Adapters
 * read messages with `readMessage` and turn them into drafts with `messageEvents`.
 */

import type { EventFlag, Part } from '../../trajectory/event.ts';
import { canonicalJson, type Json } from '../../trajectory/json.ts';
import type { DraftEvent, DraftStep, Place } from '../adapter.ts';
import { parseArguments } from '../parse-arguments.ts';
import type { Speaker } from './roles.ts';

export type Call = NonNullable<DraftEvent['call']>;
export type Result = NonNullable<DraftEvent['result']>;

/** What one message is made of, in logged order. `pointer` is relative to the record. */
export type Piece =
  | { type: 'part'; part: Part }
  | { type: 'call'; call: Call; pointer: string; flags?: EventFlag[]; confidence?: number }
  | { type: 'result'; result: Result; parts: Part[]; pointer: string; flags?: EventFlag[] }
  | { type: 'compaction'; parts: Part[]; pointer: string }
  | { type: 'unknown'; value: Json; pointer: string };

export type Message = {
  speaker: Speaker;
  role?: string;
  name?: string;
  pieces: Piece[];
  pointer: string;
  ts?: string;
  flags?: EventFlag[];
};

export type EventOptions = {
  place: (pointer: string) => Place;
  /** The answer that an assistant message is; left out: one is made for it. */
  step?: DraftStep;
  confidence?: number;
};

/** One event for the content and one for each call or result (docs/formats.md). */
export function messageEvents(message: Message, options: EventOptions): DraftEvent[] {
  const base = {
    ...(message.role !== undefined && { role: message.role }),
    ...(message.name !== undefined && { name: message.name }),
    ...(message.ts !== undefined && { ts: message.ts }),
    ...(options.confidence !== undefined && { confidence: options.confidence }),
    ...(message.flags && message.flags.length > 0 && { flags: message.flags }),
  };
  const flagged = (flags: EventFlag[] | undefined) => {
    const all = [...(message.flags ?? []), ...(flags ?? [])];
    return all.length > 0 ? { flags: all } : {};
  };
  const isAnswer = message.speaker === 'assistant';
  const step = isAnswer ? (options.step ?? {}) : undefined;
  const inStep = step && { step };
  const events: DraftEvent[] = [];
  const results: DraftEvent[] = [];
  let content: DraftEvent | undefined;
  for (const piece of message.pieces) {
    if (piece.type === 'part') {
      if (!content) {
        content = { ...base, ...kindOf(message.speaker), ...inStep, parts: [], place: options.place(message.pointer) };
        events.push(content);
      }
      content.parts!.push(piece.part);
      continue;
    }
    const place = options.place(piece.pointer);
    if (piece.type === 'result') {
      const result: DraftEvent = {
        ...base,
        ...flagged(piece.flags),
        kind: 'tool_result',
        actor: 'tool',
        parts: piece.parts,
        result: piece.result,
        place,
      };
      // The plain words of the speaker say nothing about a result inside another's message.
      if (message.speaker !== 'tool') {
        delete result.role;
        delete result.name;
      }
      if (isAnswer) events.push(result);
      else results.push(result);
    } else if (piece.type === 'call') {
      const actor = isAnswer ? 'model' : 'app';
      const sure = piece.confidence === undefined ? {} : { confidence: piece.confidence };
      events.push({
        ...base,
        ...sure,
        ...flagged(piece.flags),
        ...inStep,
        kind: 'tool_call',
        actor,
        call: piece.call,
        place,
      });
    } else if (piece.type === 'compaction')
      events.push({ kind: 'compaction', actor: 'app', parts: piece.parts, place });
    else {
      const parts: Part[] = [{ type: 'json', value: piece.value }];
      events.push({ kind: 'meta', actor: 'app', parts, flags: ['unknown_item'], place });
    }
    if (isAnswer) content = undefined;
  }
  const said = [...results, ...events];
  if (said.length > 0 || message.speaker === 'tool')
    return said.length > 0 ? said : [emptyResult(message, base, options)];
  return [{ ...base, ...kindOf(message.speaker), ...inStep, parts: [], place: options.place(message.pointer) }];
}

function emptyResult(message: Message, base: object, options: EventOptions): DraftEvent {
  return { ...base, kind: 'tool_result', actor: 'tool', parts: [], result: {}, place: options.place(message.pointer) };
}

function kindOf(speaker: Speaker): Pick<DraftEvent, 'kind' | 'actor'> {
  if (speaker === 'assistant') return { kind: 'assistant', actor: 'model' };
  if (speaker === 'user') return { kind: 'user', actor: 'human' };
  if (speaker === 'system') return { kind: 'system', actor: 'app' };
  return { kind: 'tool_result', actor: 'tool' };
}

/**
 * What makes two logged messages the same: who speaks, text with line ends and outer blanks off,
 * call names with arguments; not ids, and not reasoning, which histories drop.
 */
export function messageKey(message: Message): string {
  const texts: string[] = [];
  const calls: Json[] = [];
  const addParts = (parts: readonly Part[]) => {
    for (const part of parts) {
      if (part.type === 'text' || part.type === 'refusal') texts.push(normal(part.text));
      else if (part.type === 'media') texts.push(`[${part.sha256 ?? part.uri ?? ''}]`);
      else if (part.type === 'document') texts.push(normal(part.text ?? part.uri ?? part.id ?? ''));
      else if (part.type === 'json') texts.push(canonicalJson(part.value));
    }
  };
  for (const piece of message.pieces) {
    if (piece.type === 'part') addParts([piece.part]);
    else if (piece.type === 'result') addParts(piece.parts);
    else if (piece.type === 'compaction') addParts(piece.parts);
    else if (piece.type === 'call') {
      const { arguments: parsed, argumentsRaw } = parseArguments(piece.call.arguments);
      calls.push([piece.call.name, parsed ?? argumentsRaw.trim()]);
    }
  }
  return canonicalJson([message.speaker, texts.filter((text) => text !== '').join('\n'), calls]);
}

const normal = (text: string): string => text.replaceAll('\r\n', '\n').trim();
