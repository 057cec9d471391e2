/** Adapters of which each record is a whole conversation, or several: read at once, told as they come. */
import type { Json } from '../../trajectory/json.ts';
import type { Adapter, AdapterRun, DraftTrajectory, QuarantineReason, SourceRecord } from '../adapter.ts';
import { RowBuffer } from './row-buffer.ts';
import { Teller } from './teller.ts';

/** @returns trajectories; why it can't be read when it is none; an empty list for a document that says nothing */
export type ReadDocument = (
  value: Json,
  record: SourceRecord,
) => DraftTrajectory[] | { reason: QuarantineReason; message: string };

export const documents = (read: ReadDocument): Adapter['start'] => startWith(read, true);

/** The same, but nothing is held back to find copies: what was read is told at once. */
export const documentsAtOnce = (read: ReadDocument): Adapter['start'] => startWith(read, false);

const startWith =
  (read: ReadDocument, isHeld: boolean): Adapter['start'] =>
  (sink): AdapterRun => {
    const rows = new RowBuffer(sink);
    return {
      take(record) {
        const told =
          record.value === undefined
            ? { reason: 'schema_mismatch' as const, message: 'a line of text' }
            : read(record.value, record);
        if (!Array.isArray(told)) {
          sink.refuse(record, told.reason, told.message);
          return [];
        }
        const full = told.filter(({ events }) => events.length > 0);
        if (full.length === 0) {
          const teller = new Teller(record);
          teller.meta(record.value ?? null, '');
          full.push({ ...told[0], events: teller.events });
        }
        return isHeld ? rows.add(record, full[0]!.rootKey, full) : full;
      },
      end: () => rows.end(),
    };
  };

export const mismatch = (message: string): { reason: QuarantineReason; message: string } => ({
  reason: 'schema_mismatch',
  message,
});
