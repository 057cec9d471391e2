/**
 * Logs of one line an event: records are put away by session and told together once the log has ended. The same record
 * again (a resumed or doubly exported session) is a duplicate of the first.
 */
import type { Json } from '../../trajectory/json.ts';
import {
  type AdapterSink,
  type DraftTrajectory,
  type RecordRef,
  refOf,
  type SourceRecord,
  type Stashed,
} from '../adapter.ts';

export type LoggedRecord = RecordRef & { value: Json };
type Entry = { ref: RecordRef; packed: Stashed; copies: RecordRef[] };
type Session = { entries: Entry[]; byId: Map<string, Entry> };

/** @param key undefined for records that belong to no session */
export type TellSession = (records: LoggedRecord[], key: string | undefined) => Iterable<DraftTrajectory>;

export class SessionLog {
  private readonly sessions = new Map<string | undefined, Session>();
  private readonly sink: AdapterSink;
  private readonly tell: TellSession;

  constructor(sink: AdapterSink, tell: TellSession) {
    this.sink = sink;
    this.tell = tell;
  }

  /** @param id with it, the same bytes again are a copy */
  add(record: SourceRecord, key: string | undefined, id?: string): void {
    const session: Session = this.sessions.get(key) ?? { entries: [], byId: new Map() };
    this.sessions.set(key, session);
    const known = id === undefined ? undefined : session.byId.get(id);
    if (known && known.ref.sha256 === record.sha256) {
      known.copies.push(refOf(record));
      return;
    }
    const packed = this.sink.keepRecord(record);
    const entry: Entry = { ref: refOf(record), packed, copies: [] };
    session.entries.push(entry);
    if (id !== undefined) session.byId.set(id, entry);
  }

  *end(): Generator<DraftTrajectory> {
    for (const [key, { entries }] of this.sessions) {
      const copies = new Map(entries.map(({ ref, copies }) => [ref.recordNo, copies]));
      for (const draft of this.tell(entries.map(unpacked), key)) {
        for (const event of draft.events) {
          const again = event.copied ? undefined : copies.get(event.place.record.recordNo);
          if (!again || again.length === 0) continue;
          event.mirrors = [...(event.mirrors ?? []), ...again.map((record) => ({ record }))];
          copies.delete(event.place.record.recordNo);
        }
        yield draft;
      }
    }
  }
}

const unpacked = ({ ref, packed }: Entry): LoggedRecord => ({ ...ref, value: packed.read() });
