/**
 * Preference rows: chosen and rejected as texts with `Human:`/`Assistant:` marks, as messages, or after a prompt; rows with
 * one answer and a boolean label (KTO). Two answers are two branches of one trajectory, the choice is feedback.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { type Adapter, type DraftEvent, type DraftTrajectory, refOf, type SourceRecord } from '../adapter.ts';
import { asText, pointerTo } from '../shared/json-access.ts';
import { type Message, messageEvents, messageKey } from '../shared/message.ts';
import { isMessage, readMessages } from '../shared/read-message.ts';
import { otherFields, rowAdapter } from '../shared/row-run.ts';
import { isTurn, readTurn } from './sharegpt.ts';

export const preference: Adapter = rowAdapter({
  name: 'preference',
  version: '1',
  specificity: 42,
  sureness: (value) => (isRow(value) ? 1 : 0),
  mismatch: 'neither chosen and rejected nor a labelled answer',
  read: (record, row, id) => {
    const pair = pairOf(row);
    return pair ? pairDrafts(record, row, pair, id) : [labelledDraft(record, row, id)];
  },
});

const PAIRS = [
  ['chosen', 'rejected'],
  ['chosen_messages', 'rejected_messages'],
] as const;

const pairOf = (row: JsonObject) => PAIRS.find(([chosen, rejected]) => isTalk(row[chosen]) && isTalk(row[rejected]));

function isRow(value: Json | undefined): boolean {
  return isObject(value) && (pairOf(value) !== undefined || isLabelled(value));
}

const isLabelled = (row: JsonObject): boolean =>
  typeof row.label === 'boolean' && (isTalk(row.messages) || (isTalk(row.prompt) && isTalk(row.completion)));

/** Text, one turn, or a list of them. */
const isTalk = (value: Json | undefined): boolean =>
  typeof value === 'string' ||
  (isObject(value) && (isMessage(value) || isTurn(value))) ||
  (Array.isArray(value) && value.length > 0 && value.every((item) => isMessage(item) || isTurn(item)));

const ROW_FIELDS = new Set([
  'id',
  'prompt',
  'prompt_id',
  'system',
  'conversations',
  'messages',
  'completion',
  'label',
  ...PAIRS.flat(),
]);
const BESIDE_LISTS = new Set([...ROW_FIELDS].filter((field) => field !== 'prompt'));

function pairDrafts(
  record: SourceRecord,
  row: JsonObject,
  [chosenKey, rejectedKey]: readonly [string, string],
  id: string | undefined,
): DraftTrajectory[] {
  const ref = refOf(record);
  const rootKey = id ?? `${record.sha256}#${record.ordinal ?? 0}`;
  const prefix = prefixOf(row);
  const chosen = [...prefix, ...readTalk(row[chosenKey], pointerTo('', chosenKey), prefix)];
  const rejected = [...prefix, ...readTalk(row[rejectedKey], pointerTo('', rejectedKey), prefix)];
  let shared = 0;
  while (
    shared < chosen.length &&
    shared < rejected.length &&
    messageKey(chosen[shared]!) === messageKey(rejected[shared]!)
  )
    shared++;
  const build = (messages: readonly Message[]) =>
    messages.map((message) => messageEvents(message, { place: (pointer) => ({ record: ref, pointer }) }));
  const rank = (value: number, key: string): DraftEvent => ({
    kind: 'feedback',
    actor: 'evaluator',
    feedback: { target: 'last_answer', signal: 'rank', value, scale: [0, 1], by: 'unknown' },
    place: { record: ref, pointer: pointerTo('', key) },
  });
  const good = build(chosen);
  // The second path repeats the first one's events, with the same places.
  const bad = [...build(chosen.slice(0, shared)), ...build(rejected.slice(shared))];
  for (const event of bad.slice(0, shared).flat()) event.copied = true;
  const at = good.slice(0, shared).flat().at(-1);
  const meta = metaOf(row);
  const common = { rootKey, ...(id !== undefined && { externalIds: { sample: id } }), ...(meta && { meta }) };
  const of = { rootKey };
  return [
    { ...common, events: [...good.flat(), rank(0, chosenKey)], branch: { of, selected: true, rank: 0 } },
    {
      ...common,
      branchPath: 'rejected',
      events: [...bad.flat(), rank(1, rejectedKey)],
      branch: { of, ...(at && { at }), selected: false, rank: 1 },
    },
  ];
}

function labelledDraft(record: SourceRecord, row: JsonObject, id: string | undefined): DraftTrajectory {
  const ref = refOf(record);
  const prefix = prefixOf(row);
  const messages = 'completion' in row ? [...prefix, ...readTalk(row.completion, '/completion', prefix)] : prefix;
  const events = messages.flatMap((message) =>
    messageEvents(message, { place: (pointer) => ({ record: ref, pointer }) }),
  );
  events.push({
    kind: 'feedback',
    actor: 'evaluator',
    feedback: { target: 'trajectory', signal: 'thumb', value: row.label === true, by: 'unknown' },
    place: { record: ref, pointer: '/label' },
  });
  const meta = metaOf(row);
  return { ...(id !== undefined && { rootKey: id, externalIds: { sample: id } }), events, ...(meta && { meta }) };
}

/** What comes before the answers: system, prompt, conversation or messages. */
function prefixOf(row: JsonObject): Message[] {
  const messages: Message[] = [];
  const system = asText(row.system);
  if (system)
    messages.push({
      speaker: 'system',
      pieces: [{ type: 'part', part: { type: 'text', text: system } }],
      pointer: '/system',
    });
  const key = ['prompt', 'conversations', 'messages'].find((candidate) => isTalk(row[candidate]));
  if (key === undefined) return messages;
  const told = row[key];
  // UltraFeedback rows give the prompt beside lists of messages that begin with it.
  const lists = PAIRS.flat()
    .map((pair) => row[pair])
    .filter(Array.isArray);
  if (typeof told === 'string' && lists.some((list) => list.length > 1)) return messages;
  if (typeof told !== 'string') return [...messages, ...readTalk(told, pointerTo('', key), messages)];
  const turns = splitMarks(told, pointerTo('', key), 'user');
  // A prompt that ends with the mark of the answer has not said it.
  if (turns.at(-1)?.speaker === 'assistant' && turns.at(-1)!.pieces.length === 0) turns.pop();
  return [...messages, ...turns];
}

/** @param before what came before: text without a mark is the answer after a prompt, else a question */
function readTalk(value: Json | undefined, pointer: string, before: readonly Message[]): Message[] {
  if (typeof value === 'string') return splitMarks(value, pointer, before.length > 0 ? 'assistant' : 'user');
  const turns = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const at = (index: number) => (Array.isArray(value) ? pointerTo(pointer, index) : pointer);
  if (turns.every(isMessage) && Array.isArray(value)) return readMessages(turns, pointer, { side: 'output' });
  return turns.flatMap((turn, index) => (isObject(turn) ? (readTurn(turn, at(index)) ?? []) : []));
}

const MARK = /\n\n(Human|Assistant):/g;

/** HH-RLHF text: turns begin with `\n\nHuman:` and `\n\nAssistant:`; one blank after the mark is not the turn's. */
function splitMarks(text: string, pointer: string, unmarked: 'user' | 'assistant'): Message[] {
  const marks = [...text.matchAll(MARK)];
  const turn = (speaker: 'user' | 'assistant', said: string, role?: string): Message => ({
    speaker,
    ...(role !== undefined && { role }),
    pieces: said === '' ? [] : [{ type: 'part', part: { type: 'text', text: said } }],
    pointer,
  });
  const turns: Message[] = [];
  const first = text.slice(0, marks[0]?.index ?? text.length);
  if (first.trim() !== '' || marks.length === 0) {
    turns.push({
      ...turn(unmarked, marks.length === 0 ? text : first),
      ...(marks.length > 0 && { flags: ['role_inferred' as const] }),
    });
  }
  for (const [index, mark] of marks.entries()) {
    const said = text.slice(mark.index + mark[0].length, marks[index + 1]?.index ?? text.length);
    const plain = said.startsWith(' ') ? said.slice(1) : said;
    turns.push(mark[1] === 'Human' ? turn('user', plain, 'Human') : turn('assistant', plain, 'Assistant'));
  }
  return turns;
}

/** A prompt beside lists of messages that begin with it is kept. */
function metaOf(row: JsonObject): JsonObject | undefined {
  const hasLists = PAIRS.flat().some((key) => Array.isArray(row[key]));
  return otherFields(row, hasLists && typeof row.prompt === 'string' ? BESIDE_LISTS : ROW_FIELDS);
}
