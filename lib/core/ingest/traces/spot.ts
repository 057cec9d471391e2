/**
 * Where in a record something stands. JSON pointers end where a string begins: what was found in JSON inside a string
 * is pointed at by the string.
 */
import { type Place, type RecordRef, refOf } from '../adapter.ts';
import { pointerTo } from '../shared/json-access.ts';

export type Spot = { record: RecordRef; pointer: string; isInText?: boolean };

export const spotOf = (record: RecordRef, pointer = ''): Spot => ({ record: refOf(record), pointer });

export function into(spot: Spot, ...keys: (string | number)[]): Spot {
  if (spot.isInText) return spot;
  return { ...spot, pointer: pointerTo(spot.pointer, ...keys) };
}

/** Further down is inside a string: the pointer stays. */
export const intoText = (spot: Spot): Spot => ({ ...spot, isInText: true });

export const placeOf = ({ record, pointer }: Spot): Place => (pointer === '' ? { record } : { record, pointer });
