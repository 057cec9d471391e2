/** Takes calls that were written into answers out of them, and makes the next message their result (docs/formats.md). */
import type { Message, Piece } from './message.ts';
import { GRAMMARS, type Grammar } from './text-grammars.ts';

const CONFIDENCE = 0.8;

/**
 * The same conversation with its text calls as calls. Returns the very same list when no grammar applies, and when the
 * conversation has calls that the API returned as calls.
 */
export function withTextCalls(messages: readonly Message[]): readonly Message[] {
  const hasNative = messages.some(({ pieces }) =>
    pieces.some((piece) => piece.type === 'call' || piece.type === 'result'),
  );
  const grammar = hasNative ? sureGrammar(messages) : GRAMMARS.find((candidate) => applies(candidate, messages));
  if (!grammar) return messages;
  const read: Message[] = [];
  let isWaiting = false;
  for (const message of messages) {
    if (message.speaker === 'assistant') {
      const pieces = message.pieces.flatMap((piece) => splitPiece(piece, grammar, message.pointer));
      isWaiting = pieces.some((piece) => piece.type === 'call' && piece.call.origin === 'text');
      read.push(
        isWaiting || pieces.length !== message.pieces.length || hasFinal(message, grammar)
          ? { ...message, pieces }
          : message,
      );
    } else {
      const seen = isWaiting && message.speaker === 'user' ? observed(message, grammar) : undefined;
      read.push(seen ?? message);
      if (message.speaker !== 'system') isWaiting = false;
    }
  }
  return read;
}

/** Beside native calls only the marks that can be nothing else count. */
const sureGrammar = (messages: readonly Message[]): Grammar | undefined =>
  GRAMMARS.find(
    (grammar) =>
      grammar.isSure &&
      messages.some((message) => message.speaker === 'assistant' && grammar.find(textOf(message)).length > 0),
  );

/**
 * A match counts when what follows looks like its observation, or nothing follows: a conversation about shell commands
 * is not one in which they were run.
 */
function applies(grammar: Grammar, messages: readonly Message[]): boolean {
  let matches = 0;
  let observations = 0;
  for (const [index, message] of messages.entries()) {
    if (message.speaker !== 'assistant' || grammar.find(textOf(message)).length === 0) continue;
    if (grammar.isSure) return true;
    const next = messages[index + 1];
    const isObserved = next?.speaker === 'user' && grammar.observe(textOf(next)) !== undefined;
    if (isObserved) observations++;
    if (isObserved || next === undefined) matches++;
  }
  if (matches >= 2 && observations > 0) return true;
  const first = messages.findIndex(({ speaker }) => speaker === 'user');
  const prompts = messages.filter((message, index) => message.speaker === 'system' || index === first);
  return matches > 0 && prompts.some((message) => grammar.isShown(textOf(message)));
}

const textOf = ({ pieces }: Message): string =>
  pieces.flatMap((piece) => (piece.type === 'part' && piece.part.type === 'text' ? [piece.part.text] : [])).join('\n');

const hasFinal = (message: Message, grammar: Grammar): boolean => grammar.final?.(textOf(message)) !== undefined;

function splitPiece(piece: Piece, grammar: Grammar, pointer: string): Piece[] {
  if (piece.type !== 'part' || piece.part.type !== 'text') return [piece];
  const { text } = piece.part;
  const calls = grammar.find(text);
  const final = calls.length === 0 ? grammar.final?.(text) : undefined;
  if (final)
    return [...textPieces(text.slice(0, final.start)), ...textPieces(final.text), ...textPieces(text.slice(final.end))];
  if (calls.length === 0) return [piece];
  const pieces: Piece[] = [];
  let from = 0;
  for (const call of calls) {
    pieces.push(...textPieces(text.slice(from, call.start)));
    const { name, arguments: value, raw } = call;
    pieces.push({
      type: 'call',
      call: { name, arguments: value, raw, origin: 'text' },
      pointer,
      confidence: CONFIDENCE,
    });
    from = call.end;
  }
  return [...pieces, ...textPieces(text.slice(from))];
}

const textPieces = (text: string): Piece[] =>
  text.trim() === '' ? [] : [{ type: 'part', part: { type: 'text', text } }];

function observed(message: Message, grammar: Grammar): Message | undefined {
  const observation = grammar.observe(textOf(message));
  if (!observation) return undefined;
  const { text, exitCode } = observation;
  const others = message.pieces.flatMap((piece) =>
    piece.type === 'part' && piece.part.type !== 'text' ? [piece.part] : [],
  );
  const parts = [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...others];
  const result = exitCode === undefined ? {} : { exitCode };
  return {
    ...message,
    speaker: 'tool',
    role: message.role ?? 'user',
    pieces: [{ type: 'result', result, parts, pointer: message.pointer, flags: ['text_tool_call'] }],
  };
}
