/**
 * Puts one invented identifier into a copy of a unit, to see whether a reader finds it. Values, places and the words
 * around them follow from the seed; every name is made up from parts, and no mailbox or number can be anybody's
 * (example domains, reserved numbers).
 */
import { keyedShare } from '../../stats/random.ts';
import type { LogEvent } from '../../trajectory/event.ts';
import { contentHash } from '../../trajectory/hash.ts';
import type { Unit } from '../../trajectory/unit.ts';
import { classOfName, type PiiType, PLACEHOLDER } from '../taxonomy.ts';

/** Offsets are code points of the planted text: the value, and what was put in with the signs around it. */
export type Planted = {
  type: PiiType;
  path: string;
  start: number;
  end: number;
  putStart: number;
  putEnd: number;
};

const FIRST = ['Ilse', 'Tomasz', 'Meike', 'Anouk', 'Rahel', 'Piet', 'Svea', 'Dario', 'Yusra', 'Kofi', 'Linnea', 'Bram'];
const LAST_FROM = [
  'Acker',
  'Brand',
  'Dorn',
  'Ferren',
  'Halver',
  'Kest',
  'Lorrim',
  'Marsk',
  'Norv',
  'Quell',
  'Stane',
  'Wend',
];
const LAST_TO = ['ley', 'mann', 'sen', 'strup', 'vik', 'ow', 'berg', 'ford', 'ini', 'court', 'aard', 'holt'];
const STREETS = ['Fennel Lane', 'Old Mill Road', 'Harbour Street', 'Birch Close', 'Tannery Row', 'Station Parade'];

/** Kinds as missed identifiers are, names first; `upTo` is where the kind's part of [0, 1) ends. */
const KINDS: readonly { type: PiiType; upTo: number }[] = [
  { type: 'PERSON', upTo: 0.5 },
  { type: 'EMAIL', upTo: 0.62 },
  { type: 'PHONE', upTo: 0.74 },
  { type: 'ADDRESS', upTo: 0.86 },
  { type: 'ACCOUNT_ID', upTo: 0.94 },
  { type: 'USERNAME', upTo: 1 },
];
/** Signs around it: of no language, so that they fit every text. */
const AROUND = [
  [' (', ')'],
  [', ', ','],
  [' – ', ' –'],
  [' / ', ''],
] as const;
const FEWEST_POINTS = 20;

type Choose = (what: string, of: number) => number;

function inventValue(type: PiiType, pick: Choose): string {
  const first = FIRST[pick('first', FIRST.length)]!;
  const last = LAST_FROM[pick('from', LAST_FROM.length)]! + LAST_TO[pick('to', LAST_TO.length)]!;
  const digits = (count: number) => Array.from({ length: count }, (_, at) => pick(`digit ${at}`, 10)).join('');
  switch (type) {
    case 'EMAIL':
      return [`${first}.${last}@mail.example`, `${last} at mail dot example`][pick('form', 2)]!.toLowerCase();
    case 'PHONE':
      // 01632 960xxx and 555 01xx are set aside for fiction.
      return [`01632 960${digits(3)}`, `555-01${digits(2)}`][pick('form', 2)]!;
    case 'ADDRESS':
      return `${1 + pick('house', 180)} ${STREETS[pick('street', STREETS.length)]!}`;
    case 'ACCOUNT_ID':
      return `C-${digits(7)}`;
    case 'USERNAME':
      return `${first[0]}${last}${digits(2)}`.toLowerCase();
    default:
      // A full name, a surname alone, a first name in lower case: as people write them.
      return [`${first} ${last}`, last, `${first} ${last[0]}.`, first.toLowerCase()][pick('form', 4)]!;
  }
}

/** Texts a person or tool wrote, by pointer; those too short to hide anything in are left out. */
function hidingPlaces(events: readonly LogEvent[]): { at: number; part: number; text: string }[] {
  return events.flatMap((event, at) =>
    ['user', 'assistant', 'tool_result'].includes(event.kind)
      ? event.parts.flatMap((part, no) =>
          part.type === 'text' && [...part.text].length >= FEWEST_POINTS ? [{ at, part: no, text: part.text }] : [],
        )
      : [],
  );
}

/** UTF-16 places between two words, outside placeholders. */
function gapsOf(text: string): number[] {
  const taken = [...text.matchAll(PLACEHOLDER)].map((match) => [match.index, match.index + match[0].length] as const);
  return [...text.matchAll(/(?<=[\p{L}\p{N}])(?=[\s.,;!?]|$)/gu)]
    .map(({ index }) => index)
    .filter((index) => index > 0 && !taken.some(([from, to]) => index > from && index < to));
}

/** @returns null where no text is long enough; the unit handed in is left as it is */
export function plantCanary<T extends Unit>(unit: T, seed: string): { unit: T; hash: string; planted: Planted } | null {
  const share = (what: string): number => keyedShare(seed, `plant\n${unit.id}\n${what}`);
  const pick: Choose = (what, of) => Math.floor(share(what) * of);
  const places = hidingPlaces(unit.events);
  const place = places[pick('place', places.length)];
  const gaps = place ? gapsOf(place.text) : [];
  const gap = gaps[pick('gap', gaps.length)];
  if (!place || gap === undefined) return null;

  const { type } = KINDS.find(({ upTo }) => share('kind') < upTo)!;
  const value = inventValue(type, pick);
  const [before, after] = AROUND[pick('around', AROUND.length)]!;
  const points = (text: string): number => [...text].length;
  const putStart = points(place.text.slice(0, gap));
  const start = putStart + points(before);
  const end = start + points(value);
  const text = place.text.slice(0, gap) + before + value + after + place.text.slice(gap);
  const events = unit.events.map((event, at) =>
    at === place.at
      ? { ...event, parts: event.parts.map((part, no) => (no === place.part ? { ...part, text } : part)) }
      : event,
  );
  const copy = { ...unit, events } as T;
  return {
    unit: copy,
    hash: contentHash(copy),
    planted: {
      type,
      path: `/events/${place.at}/parts/${place.part}/text`,
      start,
      end,
      putStart,
      putEnd: end + points(after),
    },
  };
}

type Marked = { path: string; start: number; end: number; type: string };
type Place = Omit<Planted, 'type'>;

/** Found: a mark that touches the value, of a kind that would count as a leak. */
export const findsCanary = (marks: readonly Marked[], canary: Place): boolean =>
  marks.some(
    (mark) =>
      mark.path === canary.path &&
      mark.start < canary.end &&
      mark.end > canary.start &&
      classOfName(mark.type) !== 'quasi',
  );

/** What else was marked, with its places in the text as it was before: real misses in a unit that carries a canary. */
export const marksBesides = <T extends Marked>(marks: readonly T[], canary: Place): T[] =>
  marks.flatMap((mark) => {
    if (mark.path !== canary.path || mark.end <= canary.putStart) return [mark];
    if (mark.start < canary.putEnd) return [];
    const shift = canary.putEnd - canary.putStart;
    return [{ ...mark, start: mark.start - shift, end: mark.end - shift }];
  });
