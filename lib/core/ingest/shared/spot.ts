/**
 * Where in a record something stands, for readers that go down into what a log wraps. JSON pointers end where a string
 * begins: what was found in JSON inside a string is pointed at by the string.
 */
import { type Place, type RecordRef, refOf } from '../adapter.ts';
import { insideText, placeable, pointerTo } from './json-access.ts';

export type Spot = { record: RecordRef; pointer: string };

export const spotOf = (record: RecordRef, pointer = ''): Spot => ({ record: refOf(record), pointer });

export const into = (spot: Spot, ...keys: (string | number)[]): Spot => ({
  ...spot,
  pointer: pointerTo(spot.pointer, ...keys),
});

/** Further down is inside a string: the place stays the string's. */
export const intoText = (spot: Spot): Spot => ({ ...spot, pointer: insideText(spot.pointer) });

export function placeOf({ record, pointer }: Spot): Place {
  const named = placeable(pointer);
  return named === '' ? { record } : { record, pointer: named };
}
