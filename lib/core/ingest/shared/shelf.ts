/**
 * Values that wait until their conversation is told: put away as bytes, in memory or on disk, and read again when they are
 * wanted. So a run that can only tell at the end holds places and ids, not the log.
 */
import type { Json } from '../../trajectory/json.ts';
import type { AdapterSink, SourceRecord, Stashed } from '../adapter.ts';
import { placeable, resolvePointer } from './json-access.ts';

/** A waiting value: a record, or a part of one. */
export type Waiting = { held: Stashed; pointer: string };

export class Shelf {
  private readonly sink: AdapterSink;
  /** The record that was read last: its parts are often wanted one after another. */
  private latest: { held: Stashed; value: Json } | undefined;

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  /** The whole record; `at` names a part of it. */
  putRecord(record: SourceRecord): (pointer?: string) => Waiting {
    const held = this.sink.keepRecord(record);
    return (pointer = '') => ({ held, pointer });
  }

  /** One of many values of a record that go different ways. */
  putValue(value: Json): Waiting {
    return { held: this.sink.stash(value), pointer: '' };
  }

  read({ held, pointer }: Waiting): Json {
    if (this.latest?.held !== held) this.latest = { held, value: held.read() };
    const found = pointer === '' ? this.latest.value : resolvePointer(this.latest.value, placeable(pointer));
    return found ?? null;
  }
}
