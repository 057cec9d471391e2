/** Times as logs hold them, as ISO 8601 in UTC with milliseconds. */
import type { Json } from '../../trajectory/json.ts';
import { asNumber } from './json-access.ts';

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?$/i;
const DIGITS = /^\d{9,20}(?:\.\d+)?$/;
const LATEST_MS = Date.UTC(9999, 11, 31);

/**
 * Numbers by magnitude: from 1e17 nanoseconds, from 1e14 microseconds, from 1e11 milliseconds, else seconds.
 * Text: ISO 8601, no zone means UTC; or such a number.
 */
export function readTime(value: Json | undefined): string | undefined {
  if (typeof value === 'string') {
    const text = value.trim();
    return DIGITS.test(text) ? fromNumber(Number(text)) : fromIso(text);
  }
  const number = asNumber(value);
  return number === undefined ? undefined : fromNumber(number);
}

function fromNumber(number: number): string | undefined {
  // Below 1e8 seconds (1973) it is a counter or a duration, not a time.
  if (number < 1e8) return undefined;
  const ms = number >= 1e17 ? number / 1e6 : number >= 1e14 ? number / 1e3 : number >= 1e11 ? number : number * 1000;
  return fromMs(ms);
}

function fromIso(text: string): string | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, day, clock = '00:00:00', fraction = '', zone = 'Z'] = match;
  const time = clock.length === 5 ? `${clock}:00` : clock;
  const offset = /^(z|utc)$/i.test(zone) ? 'Z' : zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return fromMs(Date.parse(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`));
}

/** Nanoseconds in a double may fall a hair short of the millisecond that was logged. */
const fromMs = (ms: number): string | undefined =>
  Number.isFinite(ms) && ms >= 0 && ms <= LATEST_MS ? new Date(ms + 0.0005).toISOString() : undefined;

/** Milliseconds from one time to the other; undefined when either is unknown or it would be negative. */
export function msBetween(from: string | undefined, to: string | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  const ms = Date.parse(to) - Date.parse(from);
  return ms >= 0 ? ms : undefined;
}
