/** Last resort: JSON in which a list of messages is found, some object with a role and a text each. All of it is a guess. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftTrajectory,
  refOf,
  type SourceRecord,
} from '../adapter.ts';
import { asObject, asText, pointerTo } from '../shared/json-access.ts';
import { type Message, messageEvents } from '../shared/message.ts';
import { MessageLog } from '../shared/message-log.ts';
import { readContent } from '../shared/read-block.ts';
import { isMessage, readMessage } from '../shared/read-message.ts';
import { readTime } from '../shared/read-time.ts';
import { readRole, speakerOf } from '../shared/roles.ts';
import { withTextCalls } from '../shared/text-calls.ts';

const CONFIDENCE = 0.5;
const MAX_LOOKED_AT = 5000;

export const generic: Adapter = {
  name: 'generic',
  version: '1',
  specificity: 0,
  score: (records) => (records.length > 0 && records.every(({ value }) => isGuessable(value)) ? CONFIDENCE : 0),
  start: (sink) => new GenericRun(sink),
};

const ROLE_KEYS = ['role', 'from', 'sender', 'speaker', 'author', 'who', 'type'];
const TEXT_KEYS = ['content', 'text', 'value', 'message', 'body', 'msg', 'utterance', 'parts'];

const isGuessable = (value: Json | undefined): boolean =>
  value !== undefined && (isTurn(value) || findTurns(value) !== undefined);

function roleOf(turn: JsonObject): string | undefined {
  for (const key of ROLE_KEYS) {
    const word = asText(turn[key]) ?? asText(asObject(turn[key])?.role);
    if (word !== undefined && word.length <= 40) return word;
  }
  return undefined;
}

const textKeyOf = (turn: JsonObject): string | undefined =>
  TEXT_KEYS.find(
    (key) => typeof turn[key] === 'string' || Array.isArray(turn[key]) || (key === 'message' && isObject(turn[key])),
  ) ?? (turn.content === null ? 'content' : undefined);

const isTurnLike = (value: Json): boolean =>
  isObject(value) && roleOf(value) !== undefined && textKeyOf(value) !== undefined;

/** Alone, only a word that is known for a speaker makes a turn. */
const isTurn = (value: Json): boolean => isTurnLike(value) && speakerOf(roleOf(value as JsonObject)!) !== undefined;

type Found = { list: Json[]; pointer: string };

/** The longest list of turns on the way down; of two as long, the first. */
function findTurns(value: Json): Found | undefined {
  let best: Found | undefined;
  const open: { value: Json; pointer: string }[] = [{ value, pointer: '' }];
  const look = (found: Json, pointer: string) => {
    if (open.length < MAX_LOOKED_AT && typeof found === 'object') open.push({ value: found, pointer });
  };
  for (let at = 0; at < open.length; at++) {
    const here = open[at]!;
    if (Array.isArray(here.value)) {
      const items = here.value;
      const isList = items.length >= 2 && items.every(isTurnLike) && 2 * items.filter(isTurn).length >= items.length;
      if (isList && items.length > (best?.list.length ?? 0)) best = { list: items, pointer: here.pointer };
      else for (const [index, item] of items.entries()) look(item, pointerTo(here.pointer, index));
    } else if (isObject(here.value)) {
      for (const key of Object.keys(here.value)) look(here.value[key]!, pointerTo(here.pointer, key));
    }
  }
  return best;
}

class GenericRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly log: MessageLog;

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.log = new MessageLog(sink, { flags: ['guessed_mapping'], confidence: CONFIDENCE });
  }

  *take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    const found = value === undefined ? undefined : findTurns(value);
    if (found) yield draftOf(record, found);
    else if (value !== undefined && isTurn(value)) this.log.add(record, readTurn(value as JsonObject, ''));
    else this.sink.refuse(record, 'unknown_format', 'no list of messages');
  }

  end(): Iterable<DraftTrajectory> {
    return this.log.end();
  }
}

function draftOf(record: SourceRecord, { list, pointer }: Found): DraftTrajectory {
  const ref = refOf(record);
  const turns = list.map((turn, index) => readTurn(turn as JsonObject, pointerTo(pointer, index)));
  const place = (at: string) => ({ record: ref, pointer: at });
  const events = withTextCalls(turns).flatMap((message) => messageEvents(message, { place, confidence: CONFIDENCE }));
  const meta: JsonObject = Object.create(null);
  const row = asObject(record.value) ?? {};
  const [inside] = pointer.slice(1).split('/');
  for (const key of Object.keys(row))
    if (key !== inside?.replaceAll('~1', '/').replaceAll('~0', '~')) meta[key] = row[key]!;
  return { events, flags: ['guessed_mapping'], ...(Object.keys(meta).length > 0 && { meta }) };
}

function readTurn(turn: JsonObject, pointer: string): Message {
  if (isMessage(turn) && speakerOf(turn.role as string)) return readMessage(turn, pointer)!;
  const { speaker, role, isInferred } = readRole(roleOf(turn));
  const key = textKeyOf(turn)!;
  const content = readContent(turn[key] ?? null, pointerTo(pointer, key));
  const ts = readTime(turn.timestamp ?? turn.created_at ?? turn.createdAt ?? turn.time ?? turn.ts);
  const message: Message = {
    speaker,
    ...(role !== undefined && { role }),
    pieces: content,
    pointer,
    ...(ts !== undefined && { ts }),
    ...(isInferred && { flags: ['role_inferred' as const] }),
  };
  if (speaker !== 'tool') return message;
  const parts = content.flatMap((piece) => (piece.type === 'part' ? [piece.part] : []));
  return { ...message, pieces: [{ type: 'result', result: {}, parts, pointer }] };
}
