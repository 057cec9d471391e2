/**
 * Rows of data sets, each a whole conversation: handed on as they come, except that the latest are held back so that the
 * same row again is recognised as a duplicate of the first.
 */
import type { AdapterSink, DraftTrajectory, SourceRecord } from '../adapter.ts';

/** Of raw bytes; as drafts they take several times that. */
const HELD_BYTES = 2 * 1024 * 1024;

type Held = { id: string | undefined; sha256: string; bytes: number; drafts: DraftTrajectory[] };

export class RowBuffer {
  private readonly sink: AdapterSink;
  private readonly held: Held[] = [];
  private readonly byId = new Map<string, Held>();
  private bytes = 0;

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  /** @param id logged id of the row; rows without one are never duplicates of each other */
  *add(record: SourceRecord, id: string | undefined, drafts: DraftTrajectory[]): Generator<DraftTrajectory> {
    const known = id === undefined ? undefined : this.byId.get(id);
    const first = known?.drafts[0]?.events[0];
    if (known && first && known.sha256 === record.sha256) {
      this.sink.duplicate(record, first);
      return;
    }
    if (id === undefined && this.held.length === 0) {
      yield* drafts;
      return;
    }
    const row: Held = { id, sha256: record.sha256, bytes: record.byteEnd - record.byteStart, drafts };
    this.held.push(row);
    this.bytes += row.bytes;
    if (id !== undefined) this.byId.set(id, row);
    while (this.bytes > HELD_BYTES) yield* this.release();
  }

  *end(): Generator<DraftTrajectory> {
    while (this.held.length > 0) yield* this.release();
  }

  private *release(): Generator<DraftTrajectory> {
    const row = this.held.shift();
    if (!row) return;
    this.bytes -= row.bytes;
    if (row.id !== undefined && this.byId.get(row.id) === row) this.byId.delete(row.id);
    yield* row.drafts;
  }
}
