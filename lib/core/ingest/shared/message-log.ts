/** Logs in which each record is one message: a conversation by its id, or the file when there is none. */
import { stringify } from '../../trajectory/json.ts';
import type { TrajectoryFlag } from '../../trajectory/trajectory.ts';
import {
  type AdapterSink,
  type DraftEvent,
  type DraftTrajectory,
  type Place,
  refOf,
  type SourceRecord,
} from '../adapter.ts';
import { parseJson } from '../parse-json.ts';
import type { Kept } from '../scratch.ts';
import { type Message, messageEvents } from './message.ts';
import { withTextCalls } from './text-calls.ts';

type Conversation = {
  id: string | undefined;
  entries: { packed: Kept; place: Place; copies: Place[] }[];
  byMessageId: Map<string, { sha256: string; index: number }>;
};

export class MessageLog {
  private readonly conversations = new Map<string, Conversation>();
  private readonly sink: AdapterSink;
  private readonly flags: TrajectoryFlag[];
  private readonly confidence: number | undefined;

  constructor(sink: AdapterSink, { flags = [], confidence }: { flags?: TrajectoryFlag[]; confidence?: number } = {}) {
    this.sink = sink;
    this.flags = flags;
    this.confidence = confidence;
  }

  /** @param messageId the same id and bytes again are a duplicate */
  add(record: SourceRecord, message: Message, conversationId?: string, messageId?: string): void {
    const key = conversationId ?? '';
    const conversation: Conversation = this.conversations.get(key) ?? {
      id: conversationId,
      entries: [],
      byMessageId: new Map(),
    };
    this.conversations.set(key, conversation);
    const place: Place = { record: refOf(record) };
    const known = messageId === undefined ? undefined : conversation.byMessageId.get(messageId);
    if (known && known.sha256 === record.sha256) {
      conversation.entries[known.index]!.copies.push(place);
      return;
    }
    if (messageId !== undefined)
      conversation.byMessageId.set(messageId, { sha256: record.sha256, index: conversation.entries.length });
    conversation.entries.push({ packed: this.sink.keep(Buffer.from(stringify(message))), place, copies: [] });
  }

  *end(): Generator<DraftTrajectory> {
    for (const { id, entries } of this.conversations.values()) {
      const messages = withTextCalls(entries.map(({ packed }) => unpack(packed)));
      const events = entries.flatMap(({ place, copies }, index) => this.build(messages[index]!, place, copies));
      yield {
        ...(id !== undefined && { rootKey: id, externalIds: { conversation: id } }),
        events,
        flags: id === undefined ? [...this.flags, 'no_id'] : this.flags,
      };
    }
  }

  private build(message: Message, place: Place, copies: Place[]): DraftEvent[] {
    const at = (pointer: string): Place => (pointer === '' ? place : { ...place, pointer });
    const events = messageEvents(message, {
      place: at,
      ...(this.confidence !== undefined && { confidence: this.confidence }),
    });
    const first = events[0];
    if (first && copies.length > 0) first.mirrors = copies;
    return events;
  }
}

function unpack(packed: Kept): Message {
  const reading = parseJson(packed.read().toString('utf8'), Number.POSITIVE_INFINITY);
  if (!reading.ok) throw new Error('a packed message is no JSON');
  return reading.value as unknown as Message;
}
