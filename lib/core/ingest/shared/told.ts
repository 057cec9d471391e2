/** Messages that know their record: those of one span or session may stand in several. */
import type { Json, JsonObject } from '../../trajectory/json.ts';
import type { DraftEvent, DraftStep, RecordRef } from '../adapter.ts';
import { type Message, messageEvents, type Piece } from './message.ts';
import { readRepeated, readSystem } from './read-message.ts';
import { placeOf, type Spot } from './spot.ts';

export type Told = Message & { record: RecordRef };

/** @param side who speaks when the log does not say: the user in an input, the model in an output */
export const readTold = (value: JsonObject, { record, pointer }: Spot, side: 'input' | 'output'): Told => ({
  ...readRepeated(value, pointer, { side, isTraced: true }),
  record,
});

export const readToldSystem = (system: Json | undefined, { record, pointer }: Spot): Told[] =>
  readSystem(system, pointer).map((message) => ({ ...message, record }));

/** Content that says who spoke only by standing in an input or an output. */
export const saidBy = (side: 'input' | 'output', pieces: Piece[], { record, pointer }: Spot): Told => ({
  speaker: side === 'input' ? 'user' : 'assistant',
  pieces,
  pointer,
  record,
});

export const draftTold = (told: Told, options: { step?: DraftStep; ts?: string } = {}): DraftEvent[] =>
  messageEvents(told, { ...options, place: (pointer) => placeOf({ record: told.record, pointer }) });

/** Something the log holds that is no part of the conversation. */
export function draftMeta(value: Json, spot: Spot, more: Partial<DraftEvent> = {}): DraftEvent {
  return { kind: 'meta', actor: 'app', parts: [{ type: 'json', value }], place: placeOf(spot), ...more };
}
