/** Exports of help desks: messages of Slack (by thread), conversations of Intercom, tickets of Zendesk. HTML stays as it is. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftEvent,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { allBut, asArray, asId, asNumber, asObject, asText, dig, pointerTo } from '../shared/json-access.ts';
import { readTime } from '../shared/read-time.ts';
import { RowBuffer } from '../shared/row-buffer.ts';
import { type LoggedRecord, SessionLog } from '../shared/session-log.ts';
import { Teller } from '../shared/teller.ts';

export const helpdesk: Adapter = {
  name: 'helpdesk',
  version: '1',
  specificity: 50,
  score: meanScore(({ value }) => (isSlack(value) || isIntercom(value) || isZendesk(value) ? 1 : 0)),
  start: (sink) => new HelpdeskRun(sink),
};

const isSlack = (value: Json | undefined): boolean =>
  isObject(value) &&
  value.type === 'message' &&
  typeof value.ts === 'string' &&
  /^\d{9,11}\.\d+$/.test(value.ts) &&
  ('user' in value || 'bot_id' in value || 'text' in value);
const isIntercom = (value: Json | undefined): boolean =>
  isObject(value) && (isObject(value.conversation_parts) || Array.isArray(value.conversation_parts)) && 'id' in value;
const isZendesk = (value: Json | undefined): boolean =>
  isObject(value) &&
  Array.isArray(value.comments) &&
  ('requester_id' in value || 'subject' in value) &&
  value.comments.every((comment) => isObject(comment) && 'body' in comment);

class HelpdeskRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly rows: RowBuffer;
  private readonly threads: SessionLog;

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.rows = new RowBuffer(sink);
    this.threads = new SessionLog(sink, tellThread);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const value = asObject(record.value);
    if (isSlack(value)) {
      // A message that nobody answered belongs to the channel; the first of a thread names the thread itself.
      this.threads.add(record, asId(value!.thread_ts), asId(value!.client_msg_id) ?? asId(value!.ts));
      return [];
    }
    if (isIntercom(value)) return this.rows.add(record, asId(value!.id), [tellIntercom(value!, record)]);
    if (isZendesk(value)) return this.rows.add(record, asId(value!.id), [tellZendesk(value!, record)]);
    this.sink.refuse(record, 'schema_mismatch', 'neither a message nor a conversation nor a ticket');
    return [];
  }

  *end(): Iterable<DraftTrajectory> {
    yield* this.rows.end();
    yield* this.threads.end();
  }
}

const THUMBS: { [name: string]: boolean } = { '+1': true, thumbsup: true, '-1': false, thumbsdown: false };

function* tellThread(records: LoggedRecord[], key: string | undefined): Generator<DraftTrajectory> {
  const teller = new Teller(records[0]!);
  for (const record of records) {
    teller.from(record);
    const value = asObject(record.value) ?? {};
    const ts = readTime(value.ts);
    const time = ts === undefined ? {} : { ts };
    const text = asText(value.text) ?? '';
    const isBot = value.bot_id !== undefined || value.subtype === 'bot_message';
    const name = asText(value.user) ?? asText(value.username) ?? asText(value.bot_id);
    const named = name === undefined ? {} : { name };
    // Joins, topics and the like are said by nobody.
    const isNotice =
      typeof value.subtype === 'string' &&
      !/^(?:bot_message|thread_broadcast|file_share|me_message)$/.test(value.subtype);
    const told = isNotice
      ? teller.meta(value, '', time)
      : teller.say(isBot ? 'assistant' : 'user', text, '', { ...time, ...named });
    for (const [index, item] of (asArray(value.reactions) ?? []).entries())
      tellReaction(teller, asObject(item) ?? {}, told, pointerTo('/reactions', index));
  }
  yield {
    ...(key === undefined ? { flags: ['no_id'] } : { rootKey: key, externalIds: { conversation: key } }),
    events: teller.events,
  };
}

function tellReaction(teller: Teller, reaction: JsonObject, target: DraftEvent, pointer: string): void {
  const name = asText(reaction.name) ?? '';
  const thumb = Object.hasOwn(THUMBS, name) ? THUMBS[name] : undefined;
  if (thumb !== undefined) teller.feedback({ target, signal: 'thumb', name, value: thumb, by: 'user' }, pointer);
  else teller.feedback({ target, signal: 'label', name, value: asNumber(reaction.count) ?? 1, by: 'user' }, pointer);
}

function tellIntercom(value: JsonObject, record: SourceRecord): DraftTrajectory {
  const teller = new Teller(record);
  const source = asObject(value.source);
  if (source) tellPart(teller, source, '/source', readTime(value.created_at));
  const isWrapped = isObject(value.conversation_parts);
  const parts =
    asArray(isWrapped ? dig(value.conversation_parts, 'conversation_parts') : value.conversation_parts) ?? [];
  const at = isWrapped ? '/conversation_parts/conversation_parts' : '/conversation_parts';
  for (const [index, item] of parts.entries()) {
    const part = asObject(item) ?? {};
    tellPart(teller, part, pointerTo(at, index), readTime(part.created_at));
  }
  const rating = asNumber(dig(value.conversation_rating, 'rating'));
  if (rating !== undefined) {
    const comment = asText(dig(value.conversation_rating, 'remark'));
    teller.feedback(
      {
        target: 'trajectory',
        signal: 'score',
        name: 'conversation_rating',
        value: rating,
        scale: [1, 5],
        by: 'user',
        ...(comment && { comment }),
      },
      '/conversation_rating',
    );
  }
  return ticket(teller, value, 'source', 'conversation_parts', 'conversation_rating');
}

/** The author's kind says who speaks; notes are for colleagues, and what has no body is what the app did. */
function tellPart(teller: Teller, part: JsonObject, pointer: string, ts: string | undefined): void {
  const body = asText(part.body) ?? '';
  const author = asText(dig(part.author, 'type')) ?? '';
  const time = ts === undefined ? {} : { ts };
  if (body === '' || part.part_type === 'note') {
    teller.meta(part, pointer, time);
    return;
  }
  const name = asText(dig(part.author, 'name'));
  const isUser = /^(?:user|lead|contact|customer)$/.test(author);
  teller.say(isUser ? 'user' : 'assistant', body, pointer, { ...time, role: author, ...(name && { name }) });
}

function tellZendesk(value: JsonObject, record: SourceRecord): DraftTrajectory {
  const teller = new Teller(record);
  const requester = asId(value.requester_id);
  const comments = asArray(value.comments) ?? [];
  const first = asText(asObject(comments[0])?.body);
  const description = asText(value.description);
  // The description is the first comment again.
  if (description && first?.trim() !== description.trim()) {
    const ts = readTime(value.created_at);
    teller.say('user', description, '/description', { ...(ts !== undefined && { ts }) });
  }
  for (const [index, item] of comments.entries()) {
    const comment = asObject(item) ?? {};
    const pointer = pointerTo('/comments', index);
    const ts = readTime(comment.created_at);
    const time = ts === undefined ? {} : { ts };
    const author = asId(comment.author_id);
    if (comment.public === false) teller.meta(comment, pointer, time);
    else {
      const isUser = requester === undefined ? index === 0 : author === requester;
      teller.say(isUser ? 'user' : 'assistant', asText(comment.body) ?? '', pointer, {
        ...time,
        ...(author !== undefined && { name: author }),
      });
    }
  }
  const score = asText(dig(value.satisfaction_rating, 'score'));
  if (score !== undefined && /^(?:good|bad)/.test(score)) {
    const comment = asText(dig(value.satisfaction_rating, 'comment'));
    teller.feedback(
      {
        target: 'trajectory',
        signal: 'thumb',
        name: 'satisfaction_rating',
        value: score.startsWith('good'),
        by: 'user',
        ...(comment && { comment }),
      },
      '/satisfaction_rating',
    );
  }
  return ticket(teller, value, 'comments', 'description', 'satisfaction_rating');
}

function ticket(teller: Teller, value: JsonObject, ...taken: string[]): DraftTrajectory {
  const id = asId(value.id);
  const meta = allBut(value, 'id', ...taken);
  return {
    ...(id !== undefined && { rootKey: id, externalIds: { conversation: id } }),
    events: teller.events,
    ...(meta && { meta }),
  };
}
