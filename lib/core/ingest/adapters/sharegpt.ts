/** ShareGPT rows: `conversations` of `{from, value}`, with calls and observations in some dialects. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { ToolDef } from '../../trajectory/trajectory.ts';
import { type Adapter, type DraftEvent, type DraftTrajectory, refOf, type SourceRecord } from '../adapter.ts';
import { parseJson } from '../parse-json.ts';
import { asArray, asObject, asText, pointerTo } from '../shared/json-access.ts';
import { type Message, messageEvents, type Piece } from '../shared/message.ts';
import { readContent } from '../shared/read-block.ts';
import { readCall } from '../shared/read-call.ts';
import { readMessage } from '../shared/read-message.ts';
import { readRole } from '../shared/roles.ts';
import { otherFields, rowAdapter } from '../shared/row-run.ts';
import { withTextCalls } from '../shared/text-calls.ts';
import { readToolDefs } from '../shared/tool-defs.ts';

export const sharegpt: Adapter = rowAdapter({
  name: 'sharegpt',
  version: '1',
  specificity: 40,
  sureness: (value) => (isRow(value) ? 1 : 0),
  mismatch: 'no list of turns',
  read: (record, row, id) => [draftOf(record, row, id)],
});

function isRow(value: Json | undefined): boolean {
  if (!isObject(value) || 'chosen' in value || 'rejected' in value) return false;
  const turns = asArray(value.conversations) ?? asArray(value.conversation);
  return turns?.every(isTurn) === true && (turns.length > 0 || 'conversations' in value);
}

export function isTurn(value: Json): boolean {
  const turn = asObject(value);
  return (
    turn !== undefined &&
    (typeof turn.from === 'string' || typeof turn.role === 'string') &&
    ('value' in turn || 'content' in turn)
  );
}

const ROW_FIELDS = new Set(['id', 'conversations', 'conversation', 'system', 'tools']);

function draftOf(record: SourceRecord, row: JsonObject, id: string | undefined): DraftTrajectory {
  const ref = refOf(record);
  const place = (pointer: string) => ({ record: ref, pointer });
  const key = Array.isArray(row.conversations) ? 'conversations' : 'conversation';
  const system = asText(row.system);
  const tools = readToolDefs(row.tools);
  const events: DraftEvent[] = [];
  if (system)
    events.push({ kind: 'system', actor: 'app', parts: [{ type: 'text', text: system }], place: place('/system') });
  const turns = (asArray(row[key]) ?? []).flatMap(
    (turn, index) => readTurn(asObject(turn)!, pointerTo('', key, index)) ?? [],
  );
  for (const message of withTextCalls(turns)) events.push(...messageEvents(message, { place }));
  const meta = otherFields(row, ROW_FIELDS);
  if (events.length === 0)
    events.push({ kind: 'meta', actor: 'app', parts: [{ type: 'json', value: row }], place: place('') });
  return {
    ...(id !== undefined && { rootKey: id, externalIds: { sample: id } }),
    events,
    ...(tools.length > 0 && { tools: tools as ToolDef[] }),
    ...(meta && { meta }),
  };
}

/** One turn of `{from, value}`; `{role, content}` is a message like any other. */
export function readTurn(turn: JsonObject, pointer: string): Message | undefined {
  if (typeof turn.from !== 'string') return readMessage(turn, pointer);
  if (turn.from === 'function_call')
    return { speaker: 'assistant', role: turn.from, pieces: callsOf(turn.value, pointer), pointer };
  const { speaker, role, isInferred } = readRole(turn.from);
  const content = readContent(turn.value ?? turn.content ?? null, pointerTo(pointer, 'value'));
  const message: Message = {
    speaker,
    ...(role !== undefined && { role }),
    pieces: content,
    pointer,
    ...(isInferred && { flags: ['role_inferred' as const] }),
  };
  if (speaker !== 'tool') return message;
  const parts = content.flatMap((piece) => (piece.type === 'part' ? [piece.part] : []));
  return { ...message, pieces: [{ type: 'result', result: {}, parts, pointer }] };
}

/** `{name, arguments}` as JSON in the text, a list for several calls; what is neither stays text. */
function callsOf(value: Json | undefined, pointer: string): Piece[] {
  const reading = typeof value === 'string' ? parseJson(value) : undefined;
  const logged = reading?.ok ? reading.value : (value ?? null);
  const calls = (Array.isArray(logged) ? logged : [logged]).map((item) => readCall(item));
  if (calls.length > 0 && calls.every((call) => call !== undefined)) {
    return calls.map((call): Piece => ({ type: 'call', call: call!, pointer: pointerTo(pointer, 'value') }));
  }
  return readContent(value ?? null, pointerTo(pointer, 'value'));
}
