/**
 * The latest bytes that were read, so that spans of records can be hashed with what stands between them. It keeps what
 * the record at hand needs; a span that waits for its next record holds a hash, not bytes.
 */
import { createHash, type Hash } from 'node:crypto';
import { type Place, type RecordRef, type RecordSpan, refOf, type SourceRecord } from './adapter.ts';

export class Tape {
  private pieces: Uint8Array[] = [];
  private from: number;
  private to: number;
  private readonly spans = new Set<Span>();

  constructor(offset: number) {
    this.from = offset;
    this.to = offset;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.pieces.push(bytes);
    this.to += bytes.length;
  }

  /** Forgets what stands before `offset`, the start of the record at hand. */
  forget(offset: number): void {
    for (const span of this.spans) span.readTo(Math.min(offset, this.to));
    while (this.pieces.length > 0 && this.from + this.pieces[0]!.length <= offset) {
      this.from += this.pieces.shift()!.length;
    }
  }

  /** Begins with the record at hand. */
  open(record: RecordRef): RecordSpan {
    const span = new Span(this, record);
    this.spans.add(span);
    span.extend(record);
    return span;
  }

  /** A span whose place was asked for is done. */
  release(span: Span): void {
    this.spans.delete(span);
  }

  feed(digest: Hash, from: number, to: number): void {
    let at = this.from;
    for (const piece of this.pieces) {
      const start = Math.max(from, at) - at;
      const end = Math.min(to, at + piece.length) - at;
      if (start < end) digest.update(piece.subarray(start, end));
      at += piece.length;
      if (at >= to) return;
    }
  }
}

class Span implements RecordSpan {
  private readonly tape: Tape;
  private readonly first: RecordRef;
  private last: RecordRef;
  private readonly ahead: Hash = createHash('sha256');
  private aheadTo: number;
  private sha256: string;

  constructor(tape: Tape, first: RecordRef) {
    this.tape = tape;
    this.first = refOf(first);
    this.last = this.first;
    this.aheadTo = first.byteStart;
    this.sha256 = first.sha256;
  }

  extend(record: SourceRecord | RecordRef): void {
    this.readTo(record.byteEnd);
    this.last = refOf(record);
    this.sha256 = this.ahead.copy().digest('hex');
  }

  readTo(offset: number): void {
    if (offset <= this.aheadTo) return;
    this.tape.feed(this.ahead, this.aheadTo, offset);
    this.aheadTo = offset;
  }

  place(): Place {
    this.tape.release(this);
    if (this.first.recordNo === this.last.recordNo) return { record: this.first };
    return { record: this.first, recordEnd: this.last, sha256: this.sha256 };
  }
}
