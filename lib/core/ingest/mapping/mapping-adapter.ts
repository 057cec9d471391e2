/** Logs read as a saved mapping says. What it does not name is kept as meta; what it does not fit is refused, not guessed. */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, stringify } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftEvent,
  type DraftTrajectory,
  refOf,
  type SourceRecord,
} from '../adapter.ts';
import { asId, asText, pointerTo } from '../shared/json-access.ts';
import { type Message, messageEvents, type Piece } from '../shared/message.ts';
import { MessageLog } from '../shared/message-log.ts';
import { readContent } from '../shared/read-block.ts';
import { readTime } from '../shared/read-time.ts';
import { type Speaker, speakerOf } from '../shared/roles.ts';
import type { JsonMapping, Mapping, Meaning } from './mapping.ts';
import { lookUp, without } from './pattern.ts';
import { TextRun } from './text-run.ts';

/** @param version which saved mapping, as `name@3` */
export const mappingAdapter = (mapping: Mapping, version: string): Adapter => ({
  name: 'mapping',
  version,
  specificity: 100,
  // It is named by whoever reads with it, never told by content.
  score: () => 0,
  start: (sink) => (mapping.kind === 'json' ? new JsonRun(mapping, sink) : new TextRun(mapping, sink)),
});

/** A record that the mapping does not fit: what and where, never a value. */
class Misfit extends Error {}

class JsonRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly log: MessageLog;
  private readonly at = new Map<Meaning, string[]>();
  private readonly bound: ReadonlySet<string>;
  private readonly words = new Map<string, Speaker>();

  constructor(mapping: JsonMapping, sink: AdapterSink) {
    this.sink = sink;
    this.log = new MessageLog(sink);
    for (const { at, is } of mapping.fields) this.at.set(is, [...(this.at.get(is) ?? []), at]);
    for (const { word, is } of mapping.speakers) this.words.set(word.trim().toLowerCase(), is);
    this.bound = new Set(
      mapping.fields.filter(({ is }) => is !== 'turns').flatMap(({ at }) => (this.isRead(at) ? [at] : [])),
    );
  }

  *take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    let messages: Message[];
    try {
      if (!isObject(value)) throw new Misfit('not an object');
      messages = [...this.exchange(value), ...this.turns(value)];
      if (messages.length === 0) throw new Misfit('none of the bound fields is there');
    } catch (thrown) {
      if (!(thrown instanceof Misfit)) throw thrown;
      this.sink.refuse(record, 'schema_mismatch', thrown.message);
      return;
    }
    const conversation = asId(this.find(value, 'conversation'));
    const left = without(value, this.understood(value, conversation !== undefined));
    if (left !== undefined)
      messages.push({ speaker: 'system', pieces: [{ type: 'meta', value: left, pointer: '' }], pointer: '' });
    // One turn a record without an id: the file is the conversation. A whole talk a record: each is one.
    if (conversation !== undefined || (!this.at.has('turns') && this.at.has('role'))) {
      for (const message of messages) this.log.add(record, message, conversation, this.copyKey(message));
      return;
    }
    const ref = refOf(record);
    const place = (pointer: string) => (pointer === '' ? { record: ref } : { record: ref, pointer });
    yield { events: messages.flatMap((message): DraftEvent[] => messageEvents(message, { place })) };
  }

  end(): Iterable<DraftTrajectory> {
    return this.log.end();
  }

  /** The same id with the same bytes again is a copy; parts of one record are told apart by their pointer. */
  private copyKey({ id, pointer }: Message): string | undefined {
    return id === undefined ? undefined : `${id} ${pointer}`;
  }

  /** Only the items of the list of turns are walked: what lies in another list is not read as anything, and so is kept. */
  private isRead(at: string): boolean {
    const [turns] = this.at.get('turns') ?? [];
    const own = turns !== undefined && at.startsWith(`${turns}/*/`) ? at.slice(turns.length + 2) : at;
    return !own.includes('/*');
  }

  /** The bound fields less those of the record that hold something else than what they are bound as: these are kept as meta. */
  private understood(value: Json, hasConversation: boolean): ReadonlySet<string> {
    const odd = [
      ...(hasConversation ? [] : (this.at.get('conversation') ?? [])),
      ...(this.timeOf(value, '').ts === undefined
        ? (this.at.get('time') ?? []).filter((at) => !at.includes('/*'))
        : []),
    ];
    return odd.length === 0 ? this.bound : new Set([...this.bound].filter((at) => !odd.includes(at)));
  }

  private find(value: Json, meaning: Meaning): Json | undefined {
    const [at] = this.at.get(meaning) ?? [];
    return at === undefined ? undefined : lookUp(value, at);
  }

  /** Fields of the record that are a whole turn each. */
  private *exchange(value: Json): Generator<Message> {
    const time = this.timeOf(value, '');
    const said = (meaning: Meaning, speaker: Speaker): Message | undefined => {
      const [at] = this.at.get(meaning) ?? [];
      const held = at === undefined ? undefined : lookUp(value, at);
      if (at === undefined || held === undefined || held === null || held === '') return undefined;
      return { speaker, pieces: readContent(held, at), pointer: at, ...time };
    };
    const system = said('system', 'system');
    if (system) yield system;
    const question = said('question', 'user');
    if (question) yield question;
    const parts: Part[] = [];
    let where = '';
    for (const at of this.at.get('context') ?? []) {
      const held = lookUp(value, at);
      if (held === undefined || held === null) continue;
      where ||= at;
      for (const one of Array.isArray(held) ? held : [held])
        parts.push({ type: 'document', text: typeof one === 'string' ? one : stringify(one) });
    }
    if (parts.length > 0)
      yield { speaker: 'tool', pieces: [{ type: 'retrieval', parts, pointer: where }], pointer: where };
    const answer = said('answer', 'assistant');
    if (answer) yield answer;
  }

  private *turns(value: Json): Generator<Message> {
    if (!this.at.has('role')) return;
    const [list] = this.at.get('turns') ?? [];
    if (list === undefined) {
      yield this.turn(value, '', '');
      return;
    }
    const turns = lookUp(value, list);
    if (!Array.isArray(turns)) throw new Misfit(`no list at ${list}`);
    const ofRecord = this.timeOf(value, '');
    for (const [index, turn] of turns.entries())
      yield { ...ofRecord, ...this.turn(turn, pointerTo(list, index), `${list}/*`) };
  }

  /** @param base of the patterns that are of a turn */
  private turn(turn: Json, pointer: string, base: string): Message {
    const find = (meaning: Meaning): { held: Json | undefined; at: string } => {
      const [at = base] = this.at.get(meaning) ?? [];
      const own = at.slice(base.length);
      return { held: this.at.has(meaning) ? lookUp(turn, own) : undefined, at: pointer + own };
    };
    const role = find('role');
    const word = asText(role.held);
    if (word === undefined) throw new Misfit(`no role at ${role.at}`);
    const speaker = this.words.get(word.trim().toLowerCase()) ?? speakerOf(word);
    if (speaker === undefined) throw new Misfit(`a role that the mapping does not name at ${role.at}`);
    const texts = (this.at.get('text') ?? []).flatMap((at): Piece[] => {
      const held = lookUp(turn, at.slice(base.length));
      return held === undefined || held === null || held === ''
        ? []
        : readContent(held, pointer + at.slice(base.length));
    });
    const odd: Record<string, Json> = Object.create(null);
    /** What a field holds as what it is bound as; what it holds instead is kept. */
    const as = <T>(meaning: Meaning, read: (held: Json | undefined) => T | undefined): T | undefined => {
      const { held } = find(meaning);
      const value = read(held);
      if (value === undefined && held !== undefined && held !== null) odd[meaning] = held;
      return value;
    };
    const callId = as('call_id', asId);
    const tool = as('tool', asText);
    const name = as('name', asText);
    const id = as('message_id', asId);
    const args = tool === undefined || speaker === 'tool' ? as('arguments', () => undefined) : find('arguments').held;
    const time = this.timeOf(turn, base);
    if (base !== '' && time.ts === undefined) as('time', () => undefined);
    const kept: Piece[] = Object.keys(odd).length > 0 ? [{ type: 'meta', value: odd, pointer }] : [];
    const message: Message = {
      speaker,
      ...(word !== speaker && { role: word }),
      ...(name !== undefined && { name }),
      ...(id !== undefined && { id }),
      pieces: [...texts, ...kept],
      pointer,
      ...time,
    };
    if (speaker === 'tool') {
      const parts = texts.flatMap((piece) => (piece.type === 'part' ? [piece.part] : []));
      const result = { ...(callId !== undefined && { callId }), ...(tool !== undefined && { name: tool }) };
      return { ...message, pieces: [{ type: 'result', result, parts, pointer }, ...kept] };
    }
    if (tool === undefined) return message;
    const call = { name: tool, arguments: args, ...(callId !== undefined && { callId }) };
    return { ...message, pieces: [...texts, { type: 'call', call, pointer: find('tool').at }, ...kept] };
  }

  private timeOf(value: Json, base: string): { ts?: string } {
    const [at] = this.at.get('time') ?? [];
    if (at === undefined || !at.startsWith(base)) return {};
    const ts = readTime(lookUp(value, at.slice(base.length)));
    return ts === undefined ? {} : { ts };
  }
}
