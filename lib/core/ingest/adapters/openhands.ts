/** OpenHands: rows of V0 with their history, bare V0 events (a list, or one a line), V1 event streams. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { asId, asObject } from '../shared/json-access.ts';
import { RowBuffer } from '../shared/row-buffer.ts';
import { SessionLog } from '../shared/session-log.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { HistoryTeller, isEvent, isHistory, isRow, tellHistory, tellRow } from './openhands-v0.ts';
import { isTypedEvent, tellEvents } from './openhands-v1.ts';

export const openhands: Adapter = {
  name: 'openhands',
  version: '1',
  specificity: 88,
  score: meanScore(({ value }) => (isKnown(value) ? 1 : 0)),
  start: (sink) => new OpenHandsRun(sink),
};

const isKnown = (value: Json | undefined): boolean =>
  isTypedEvent(value) ||
  isRow(value) ||
  isHistory(value) ||
  (isEvent(value) && isObject(value) && ('source' in value || 'args' in value || 'extras' in value));

class OpenHandsRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly rows: RowBuffer;
  private readonly typed: SessionLog;
  private readonly plain: SessionLog;

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.rows = new RowBuffer(sink);
    this.typed = new SessionLog(sink, (records) => [tellEvents(records)]);
    this.plain = new SessionLog(sink, (records) => {
      const history = new HistoryTeller(records[0] as SourceRecord);
      for (const record of records) {
        history.teller.from(record);
        history.tell(asObject(record.value) ?? {}, '');
      }
      return [bare(history)];
    });
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    if (isTypedEvent(value)) this.typed.add(record, undefined, asId((value as JsonObject).id));
    else if (isHistory(value)) {
      const history = new HistoryTeller(record);
      tellHistory(history, value, '');
      return this.rows.add(record, undefined, [bare(history)]);
    } else if (isObject(value) && isRow(value))
      return this.rows.add(record, asId(value.instance_id), [tellRow(value, record)]);
    else if (isEvent(value)) this.plain.add(record, undefined, asId((value as JsonObject).id));
    else this.sink.refuse(record, 'schema_mismatch', 'neither a history nor an event');
    return [];
  }

  *end(): Iterable<DraftTrajectory> {
    yield* this.rows.end();
    yield* this.typed.end();
    yield* this.plain.end();
  }
}

function bare({ teller, tools }: HistoryTeller): DraftTrajectory {
  const defs = readToolDefs(tools);
  return {
    flags: ['no_id'],
    agent: { name: 'openhands' },
    events: teller.events,
    ...(defs.length > 0 && { tools: defs }),
  };
}
