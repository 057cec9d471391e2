/**
 * The events of one message: content, calls and results apart, in logged order. A message of the user that brings results
 * gives the results first; an answer with nothing at all gives one empty event.
 */
import type { EventFlag, Part } from '../../trajectory/event.ts';
import type { Json } from '../../trajectory/json.ts';
import type { DraftEvent, DraftStep } from '../adapter.ts';
import { present } from './fields.ts';
import type { CallPiece, Message, Piece, ResultPiece } from './piece.ts';
import { placeOf, type Spot } from './spot.ts';

const ACTORS = { system: 'app', user: 'human', assistant: 'model', tool: 'tool' } as const;

type Common = { step?: DraftStep; ts?: string };

export function draftMessage(message: Message, common: Common = {}): DraftEvent[] {
  const ts = message.ts ?? common.ts;
  const shared = present({ role: message.role, name: message.name, ts }) as Partial<DraftEvent>;
  if (message.side === 'assistant') return draftAnswer(message, shared, common.step);
  const results = message.pieces.flatMap((piece) =>
    piece.kind === 'result' ? [draftResult(piece, present({ ts }))] : [],
  );
  if (message.side === 'tool') return results;
  const kind = message.side;
  const said = message.pieces.filter((piece) => piece.kind !== 'result');
  if (said.length === 0 && results.length > 0) return results;
  return [...results, draftContent(kind, said, message, shared)];
}

/** Calls that stand in a user's or system's message (a quoted answer) stay as content. */
const partsOf = (pieces: readonly Piece[]): Part[] =>
  pieces.flatMap((piece): Part[] => {
    if (piece.kind === 'part') return [piece.part];
    if (piece.kind === 'call')
      return [{ type: 'json', value: { name: piece.name, arguments: piece.arguments ?? null } }];
    return [];
  });

const flagsOf = (pieces: readonly Piece[], more: readonly EventFlag[]): EventFlag[] => [
  ...new Set([...more, ...pieces.flatMap((piece) => piece.flags ?? [])]),
];

function draftContent(
  kind: 'system' | 'user' | 'assistant',
  pieces: readonly Piece[],
  message: Message,
  shared: Partial<DraftEvent>,
): DraftEvent {
  const draft: DraftEvent = {
    ...shared,
    kind,
    actor: ACTORS[kind],
    parts: partsOf(pieces),
    place: placeOf(pieces.length === 1 ? pieces[0]!.spot : message.spot),
  };
  const flags = flagsOf(pieces, message.flags);
  if (flags.length > 0) draft.flags = flags;
  if (message.isRoleInferred) draft.confidence = 0.8;
  return draft;
}

const isSealed = (piece: Piece): boolean =>
  piece.kind === 'part' && piece.part.type === 'reasoning' && piece.part.opaque !== undefined;

function draftAnswer(message: Message, shared: Partial<DraftEvent>, step: DraftStep | undefined): DraftEvent[] {
  const drafts: DraftEvent[] = [];
  let said: Piece[] = [];
  const flush = () => {
    if (said.length === 0) return;
    drafts.push({ ...draftContent('assistant', said, message, shared), ...(step ? { step } : {}) });
    said = [];
  };
  for (const piece of sealsFirst(message.pieces)) {
    if (piece.kind === 'part') said.push(piece);
    else {
      flush();
      if (piece.kind === 'call') drafts.push({ ...draftCall(piece, message), ...shared, ...(step ? { step } : {}) });
      else drafts.push(draftResult(piece, present({ ts: shared.ts })));
    }
  }
  flush();
  if (drafts.some((draft) => draft.kind !== 'tool_result')) return drafts;
  const empty = draftContent('assistant', [], message, shared);
  return [{ ...empty, flags: [...(empty.flags ?? []), 'empty_assistant'], ...(step ? { step } : {}) }, ...drafts];
}

/** A signature logged behind a call belongs to the thinking before it: it makes no event of its own. */
function sealsFirst(pieces: readonly Piece[]): readonly Piece[] {
  const firstCall = pieces.findIndex((piece) => piece.kind === 'call');
  if (firstCall < 0 || !pieces.slice(firstCall).some(isSealed)) return pieces;
  const behind = pieces.slice(firstCall);
  return [...pieces.slice(0, firstCall), ...behind.filter(isSealed), ...behind.filter((piece) => !isSealed(piece))];
}

function draftCall(piece: CallPiece, message: Message): DraftEvent {
  const call: NonNullable<DraftEvent['call']> = { name: piece.name, arguments: piece.arguments };
  if (piece.callId !== undefined) call.callId = piece.callId.trim();
  if (piece.origin) call.origin = piece.origin;
  const flags = [...(piece.flags ?? []), ...message.flags];
  return {
    kind: 'tool_call',
    actor: 'model',
    call,
    place: placeOf(piece.spot),
    ...(flags.length > 0 ? { flags } : {}),
  };
}

export function draftResult(piece: ResultPiece, shared: Partial<DraftEvent> = {}): DraftEvent {
  const { callId, name, status, errorType, exitCode } = piece;
  return {
    ...shared,
    kind: 'tool_result',
    actor: 'tool',
    parts: piece.parts,
    result: present({ callId: callId?.trim(), name, status, errorType, exitCode }),
    place: placeOf(piece.spot),
    ...(piece.flags ? { flags: piece.flags } : {}),
  };
}

/** Something the log holds that is no part of the conversation. */
export function draftMeta(value: Json, spot: Spot, more: Partial<DraftEvent> = {}): DraftEvent {
  return { kind: 'meta', actor: 'app', parts: [{ type: 'json', value }], place: placeOf(spot), ...more };
}
