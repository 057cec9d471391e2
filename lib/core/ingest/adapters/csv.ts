/** Tables with a header: a message a row, or a question and its answer a row. Other columns are kept beside them. */
import type { Part } from '../../trajectory/event.ts';
import type { JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { ANSWER_COLUMNS, columnOf, QUESTION_COLUMNS, ROLE_COLUMNS, TEXT_COLUMNS } from '../csv-columns.ts';
import { asId, asObject, asText } from '../shared/json-access.ts';
import { readContent } from '../shared/read-block.ts';
import { readTime } from '../shared/read-time.ts';
import { readRole } from '../shared/roles.ts';
import { type LoggedRecord, SessionLog } from '../shared/session-log.ts';
import { Teller } from '../shared/teller.ts';

export const csv: Adapter = {
  name: 'csv',
  version: '1',
  specificity: 92,
  score: meanScore(({ columns }) => (columns && namesIn(columns) ? 1 : 0)),
  start: (sink) => new TableRun(sink),
};

type Names = { kind: 'message'; role: string; text: string } | { kind: 'exchange'; question: string; answer: string };

/** A message when it says who spoke; a table with both is one of messages. */
function namesIn(columns: readonly string[]): Names | undefined {
  const [role, text] = [columnOf(columns, ROLE_COLUMNS), columnOf(columns, TEXT_COLUMNS)];
  if (role !== undefined && text !== undefined) return { kind: 'message', role, text };
  const [question, answer] = [columnOf(columns, QUESTION_COLUMNS), columnOf(columns, ANSWER_COLUMNS)];
  return question !== undefined && answer !== undefined ? { kind: 'exchange', question, answer } : undefined;
}

const SESSIONS = [
  'conversation_id',
  'session_id',
  'thread_id',
  'chat_id',
  'dialogue_id',
  'conversationid',
  'sessionid',
  'threadid',
];
const TIMES = ['timestamp', 'created_at', 'createdat', 'time', 'date'];
const SYSTEMS = ['system', 'system_prompt'];
const CONTEXTS = ['context', 'documents', 'retrieved', 'sources'];
const RATINGS = ['feedback', 'rating', 'thumb', 'thumbs'];
const EDITS = ['corrected_response', 'corrected_answer', 'edited_response', 'correction'];

class TableRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly log: SessionLog;
  private alone = 0;

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.log = new SessionLog(sink, (records, key) => [tellRows(records, key)]);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const names = record.columns && namesIn(record.columns);
    const row = asObject(record.value);
    if (!names || !row) {
      this.sink.refuse(record, 'schema_mismatch', 'no row of a table with messages');
      return [];
    }
    const session = field(row, record.columns!, SESSIONS);
    // Exchanges without a session are conversations of their own; messages without one are the file's.
    const key = session ?? (names.kind === 'exchange' ? `${ALONE}${this.alone++}` : undefined);
    this.log.add(record, key, asId(field(row, record.columns!, ['id', 'message_id'])));
    return [];
  }

  end(): Iterable<DraftTrajectory> {
    return this.log.end();
  }
}

const ALONE = '\u0000row ';

const field = (row: JsonObject, columns: readonly string[], names: readonly string[]): string | undefined => {
  const column = columnOf(columns, names);
  const text = column === undefined ? undefined : asText(row[column]);
  return text === undefined || text.trim() === '' ? undefined : text;
};

function tellRows(records: LoggedRecord[], key: string | undefined): DraftTrajectory {
  const teller = new Teller(records[0]!);
  const told = new Set<string>();
  for (const record of records) {
    teller.from(record);
    const row = asObject(record.value) ?? {};
    const columns = Object.keys(row);
    const names = namesIn(columns)!;
    const ts = readTime(field(row, columns, TIMES));
    if (names.kind === 'message') tellMessage(teller, row, names, ts);
    else tellExchange(teller, row, columns, names, ts, told);
    tellRating(teller, row, columns);
    const taken = [
      ...SESSIONS,
      ...TIMES,
      ...RATINGS,
      ...EDITS,
      ...(names.kind === 'exchange' ? [...SYSTEMS, ...CONTEXTS] : []),
    ];
    const spoken = names.kind === 'message' ? [names.role, names.text] : [names.question, names.answer];
    const rest: JsonObject = Object.create(null);
    for (const column of columns)
      if (!spoken.includes(column) && !taken.includes(column.trim().toLowerCase()) && row[column] !== '')
        rest[column] = row[column]!;
    if (Object.keys(rest).length > 0) teller.meta(rest, '');
  }
  const isSession = key !== undefined && !key.startsWith(ALONE);
  return {
    ...(isSession ? { rootKey: key, externalIds: { conversation: key } } : {}),
    ...(key === undefined && { flags: ['no_id'] }),
    events: teller.events,
  };
}

function tellMessage(
  teller: Teller,
  row: JsonObject,
  names: { role: string; text: string },
  ts: string | undefined,
): void {
  const { speaker, role, isInferred } = readRole(asText(row[names.role]));
  const text = asText(row[names.text]) ?? '';
  const time = ts === undefined ? {} : { ts };
  const more = {
    ...time,
    ...(role !== undefined && { role }),
    ...(isInferred && { flags: ['role_inferred' as const] }),
  };
  if (speaker === 'tool') teller.result({}, text, '', more);
  else teller.say(speaker, text, '', more);
}

function tellExchange(
  teller: Teller,
  row: JsonObject,
  columns: readonly string[],
  names: { question: string; answer: string },
  ts: string | undefined,
  told: Set<string>,
): void {
  const time = ts === undefined ? {} : { ts };
  const system = field(row, columns, SYSTEMS);
  if (system !== undefined && !told.has(system)) {
    told.add(system);
    teller.say('system', system, '', time);
  }
  teller.say('user', asText(row[names.question]) ?? '', '', time);
  const context = field(row, columns, CONTEXTS);
  if (context !== undefined) {
    const parts: Part[] = readContent(context, '').map(() => ({ type: 'document', text: context }));
    teller.tell({ kind: 'retrieval', actor: 'tool', parts, place: teller.place('') });
  }
  const answer = asText(row[names.answer]) ?? '';
  if (answer !== '') teller.say('assistant', answer, '', time);
}

const UP = /^(?:1|true|up|good|thumbs?[_ -]?up|positive|yes)$/i;
const DOWN = /^(?:-1|0|false|down|bad|thumbs?[_ -]?down|negative|no)$/i;

function tellRating(teller: Teller, row: JsonObject, columns: readonly string[]): void {
  const edit = field(row, columns, EDITS);
  if (edit !== undefined) teller.feedback({ target: 'last_answer', signal: 'edit', value: edit, by: 'unknown' }, '');
  const given = field(row, columns, RATINGS);
  if (given === undefined) return;
  const name = columnOf(columns, RATINGS)!;
  const word = given.trim();
  const number = Number(word);
  // Stars and shares are not thumbs: only what says up or down is.
  if (UP.test(word) || DOWN.test(word))
    teller.feedback({ target: 'last_answer', signal: 'thumb', name, value: UP.test(word), by: 'user' }, '');
  else if (Number.isFinite(number))
    teller.feedback({ target: 'last_answer', signal: 'score', name, value: number, by: 'user' }, '');
  else teller.feedback({ target: 'last_answer', signal: 'text', name, value: given, by: 'user' }, '');
}
