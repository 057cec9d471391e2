/**
 * A message as any of the wire formats logs it, taken apart into what becomes events: content, calls, results. Adapters
 * read messages with `readMessage` and turn them into drafts with `messageEvents`.
 */

import type { EventFlag, Part } from '../../trajectory/event.ts';
import { canonicalJson, type Json } from '../../trajectory/json.ts';
import type { DraftEvent, DraftStep, Place } from '../adapter.ts';
import { parseArguments } from '../parse-arguments.ts';
import { placeable } from './json-access.ts';
import type { Speaker } from './roles.ts';

export type Call = NonNullable<DraftEvent['call']>;
export type Result = NonNullable<DraftEvent['result']>;

/** What one message is made of, in logged order. `pointer` is relative to the record. */
export type Piece =
  | { type: 'part'; part: Part }
  | { type: 'call'; call: Call; pointer: string; flags?: EventFlag[]; confidence?: number }
  | { type: 'result'; result: Result; parts: Part[]; pointer: string; flags?: EventFlag[] }
  | { type: 'compaction'; parts: Part[]; pointer: string }
  /** Documents that no call asked for: what an answer was grounded in. */
  | { type: 'retrieval'; parts: Part[]; pointer: string }
  | { type: 'unknown'; value: Json; pointer: string }
  /** Known, but no part of the talk. */
  | { type: 'meta'; value: Json; pointer: string };

export type Message = {
  speaker: Speaker;
  role?: string;
  name?: string;
  pieces: Piece[];
  pointer: string;
  /** The log's own id of the message. */
  id?: string;
  ts?: string;
  /** Why the answer ended, in the log's word. */
  finish?: string;
  flags?: EventFlag[];
};

export type EventOptions = {
  place: (pointer: string) => Place;
  /** The answer that an assistant message is; left out: one is made for it. */
  step?: DraftStep;
  /** When, for messages that don't say so themselves. */
  ts?: string;
  confidence?: number;
};

/** Who spoke was worked out, not logged. */
const ROLE_INFERRED = 0.8;

/** One event for the content and one for each call or result (docs/formats.md). */
export function messageEvents(message: Message, options: EventOptions): DraftEvent[] {
  const place = (pointer: string) => options.place(placeable(pointer));
  // Blanks around ids are noise of the logger.
  const trimmed = <T extends { callId?: string }>(named: T): T =>
    named.callId === undefined ? named : { ...named, callId: named.callId.trim() };
  const ts = message.ts ?? options.ts;
  const confidence = options.confidence ?? (message.flags?.includes('role_inferred') ? ROLE_INFERRED : undefined);
  const base = {
    ...(message.role !== undefined && { role: message.role }),
    ...(message.name !== undefined && { name: message.name }),
    ...(ts !== undefined && { ts }),
    ...(confidence !== undefined && { confidence }),
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
  for (const piece of sealsFirst(message.pieces)) {
    if (piece.type === 'part') {
      if (!content) {
        content = { ...base, ...kindOf(message.speaker), ...inStep, parts: [], place: place(message.pointer) };
        events.push(content);
      }
      content.parts!.push(piece.part);
      continue;
    }
    const at = place(piece.pointer);
    if (piece.type === 'result') {
      const result: DraftEvent = {
        ...base,
        ...flagged(piece.flags),
        kind: 'tool_result',
        actor: 'tool',
        parts: piece.parts,
        result: trimmed(piece.result),
        place: at,
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
        call: trimmed(piece.call),
        place: at,
      });
    } else if (piece.type === 'compaction')
      events.push({ kind: 'compaction', actor: 'app', parts: piece.parts, place: at });
    else if (piece.type === 'retrieval')
      events.push({ kind: 'retrieval', actor: 'tool', parts: piece.parts, place: at });
    else {
      const parts: Part[] = [{ type: 'json', value: piece.value }];
      const odd = piece.type === 'unknown' ? { flags: ['unknown_item' as const] } : {};
      events.push({ kind: 'meta', actor: 'app', parts, ...odd, place: at });
    }
    if (isAnswer) content = undefined;
  }
  const said = [...results, ...events];
  if (said.length > 0 || message.speaker === 'tool')
    return said.length > 0 ? said : [emptyResult(base, place(message.pointer))];
  return [{ ...base, ...kindOf(message.speaker), ...inStep, parts: [], place: place(message.pointer) }];
}

function emptyResult(base: object, place: Place): DraftEvent {
  return { ...base, kind: 'tool_result', actor: 'tool', parts: [], result: {}, place };
}

const isSeal = (piece: Piece): boolean =>
  piece.type === 'part' && piece.part.type === 'reasoning' && piece.part.opaque !== undefined;

/** A signature logged behind a call belongs to the thinking before it: it makes no event of its own. */
function sealsFirst(pieces: readonly Piece[]): readonly Piece[] {
  const firstCall = pieces.findIndex((piece) => piece.type === 'call');
  if (firstCall < 0 || !pieces.slice(firstCall).some(isSeal)) return pieces;
  const behind = pieces.slice(firstCall);
  return [...pieces.slice(0, firstCall), ...behind.filter(isSeal), ...behind.filter((piece) => !isSeal(piece))];
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
