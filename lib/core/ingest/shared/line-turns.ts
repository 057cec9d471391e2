/**
 * Lines of a text log gathered to turns: lines of one kind in a row are one, with the blank lines that stood between them,
 * which are told by the bytes that are missing.
 */
import type { AdapterSink, Place, RecordSpan, SourceRecord } from '../adapter.ts';

export type Turn<Kind> = { kind: Kind; text: string; place: Place };
type Open<Kind> = { kind: Kind; text: string; span: RecordSpan; lastEnd: number };

export class LineTurns<Kind> {
  private readonly sink: AdapterSink;
  private readonly goesOn: (open: Kind, next: Kind) => boolean;
  private open: Open<Kind> | undefined;
  /** Bytes of one line end, the least that was seen between two lines. */
  private lineEndBytes = Number.POSITIVE_INFINITY;

  /** @param goesOn whether a line of one kind goes on with a turn of the other */
  constructor(sink: AdapterSink, goesOn: (open: Kind, next: Kind) => boolean) {
    this.sink = sink;
    this.goesOn = goesOn;
  }

  /** @returns the turn that this line ended, if it did */
  take(record: SourceRecord, kind: Kind, text: string): Turn<Kind> | undefined {
    const { open } = this;
    const gap = open ? record.byteStart - open.lastEnd : 0;
    if (open) this.lineEndBytes = Math.min(this.lineEndBytes, gap);
    if (open && this.goesOn(open.kind, kind)) {
      open.text += '\n'.repeat(Math.max(1, Math.round(gap / this.lineEndBytes))) + text;
      open.span.extend(record);
      open.lastEnd = record.byteEnd;
      return undefined;
    }
    const done = this.close();
    this.open = { kind, text, span: this.sink.span(record), lastEnd: record.byteEnd };
    return done;
  }

  close(): Turn<Kind> | undefined {
    const { open } = this;
    this.open = undefined;
    return open && { kind: open.kind, text: open.text, place: open.span.place() };
  }
}
