/**
 * Values that wait until their conversation is told: put away as bytes, in memory or on disk, and read again when they are
 * wanted. So a run that can only tell at the end holds places and ids, not the log.
 */
import { type Json, stringify } from '../../trajectory/json.ts';
import type { AdapterSink, SourceRecord } from '../adapter.ts';
import { parseJson } from '../parse-json.ts';
import type { Kept } from '../scratch.ts';
import { placeable, resolvePointer } from './json-access.ts';

/** A waiting value: a record, or a part of one. */
export type Waiting = { bytes: Kept; pointer: string };

export class Shelf {
  private readonly sink: AdapterSink;
  /** The record that was read last: its parts are often wanted one after another. */
  private latest: { bytes: Kept; value: Json } | undefined;

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  /** The whole record; `at` names a part of it. */
  putRecord(record: SourceRecord): (pointer?: string) => Waiting {
    const bytes = this.sink.keepRecord(record);
    return (pointer = '') => ({ bytes, pointer });
  }

  /** One of many values of a record that go different ways. */
  putValue(value: Json): Waiting {
    return { bytes: this.sink.keep(Buffer.from(stringify(value))), pointer: '' };
  }

  read({ bytes, pointer }: Waiting): Json {
    if (this.latest?.bytes !== bytes) {
      const reading = parseJson(bytes.read().toString('utf8'), Number.POSITIVE_INFINITY);
      if (!reading.ok) throw new Error('a value that was put away is no JSON');
      this.latest = { bytes, value: reading.value };
    }
    const found = pointer === '' ? this.latest.value : resolvePointer(this.latest.value, placeable(pointer));
    return found ?? null;
  }
}
