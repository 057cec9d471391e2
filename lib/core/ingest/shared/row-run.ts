/** Formats in which each record is a whole row of a data set: read or refused by itself, the same row again a duplicate. */
import type { JsonObject } from '../../trajectory/json.ts';
import { type Adapter, type DraftTrajectory, meanScore, type SourceRecord } from '../adapter.ts';
import { asId, asObject } from './json-access.ts';
import { RowBuffer } from './row-buffer.ts';

export type RowFormat = {
  name: string;
  version: string;
  specificity: number;
  sureness: (value: SourceRecord['value']) => number;
  /** What is missing in a row that is refused. */
  mismatch: string;
  /** @param id as logged, if there is one */
  read: (record: SourceRecord, row: JsonObject, id: string | undefined) => DraftTrajectory[];
};

export const rowAdapter = ({ name, version, specificity, sureness, mismatch, read }: RowFormat): Adapter => ({
  name,
  version,
  specificity,
  score: meanScore(({ value }) => sureness(value)),
  start(sink) {
    const rows = new RowBuffer(sink);
    return {
      take(record) {
        const row = asObject(record.value);
        if (row && sureness(row) > 0) {
          const id = asId(row.id);
          return rows.add(record, id, read(record, row, id));
        }
        sink.refuse(record, 'schema_mismatch', mismatch);
        return [];
      },
      end: () => rows.end(),
    };
  },
});

/** Fields of a row that the format does not name. */
export function otherFields(row: JsonObject, known: ReadonlySet<string>): JsonObject | undefined {
  const meta: JsonObject = Object.create(null);
  for (const field of Object.keys(row)) if (!known.has(field) && row[field] !== null) meta[field] = row[field]!;
  return Object.keys(meta).length > 0 ? meta : undefined;
}
