/** C's `strftime` with English names, on a pinned local time. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A moment on the wall, without a zone; `microsecond` 0 to 999,999. */
export type WallClock = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  microsecond: number;
};

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** @param iso `2026-11-02` or `2026-11-02T09:05:03`; a zone is left aside. @returns null for anything else */
export function parseClock(iso: string): WallClock | null {
  const match = ISO.exec(iso);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as number[];
  const date = new Date(Date.UTC(2000, month! - 1, day));
  date.setUTCFullYear(year!, month! - 1, day!);
  const real = year! > 0 && date.getUTCMonth() === month! - 1 && date.getUTCDate() === day;
  if (!real || hour! > 23 || minute! > 59 || second! > 59) return null;
  const microsecond = Number((match[7] ?? '').padEnd(6, '0'));
  return { year: year!, month: month!, day: day!, hour: hour!, minute: minute!, second: second!, microsecond };
}

const two = (number: number, fill = '0') => String(number).padStart(2, fill);

function calendar(clock: WallClock) {
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(clock.year, clock.month - 1, clock.day);
  const first = new Date(date);
  first.setUTCMonth(0, 1);
  const weekday = date.getUTCDay();
  const yearDay = Math.round((date.getTime() - first.getTime()) / 86_400_000) + 1;
  // ISO weeks: the Thursday of this week tells the year and the week.
  const thursday = new Date(date.getTime() + (4 - (weekday || 7)) * 86_400_000);
  const isoYear = thursday.getUTCFullYear();
  const isoFirst = new Date(thursday);
  isoFirst.setUTCMonth(0, 1);
  const isoWeek = Math.floor((thursday.getTime() - isoFirst.getTime()) / 86_400_000 / 7) + 1;
  return { weekday, yearDay, isoYear, isoWeek, seconds: Math.round(date.getTime() / 1000) };
}

/** glibc's flags `- _ 0 ^ #`, and a width. */
const DIRECTIVE = /%([-_0^#]*)(\d*)[EO]?(.)/gsu;

export function strftime(format: string, clock: WallClock): string {
  const { weekday, yearDay, isoYear, isoWeek, seconds } = calendar(clock);
  const { year, month, day, hour, minute, second } = clock;
  const hour12 = hour % 12 || 12;
  const time = `${two(hour)}:${two(minute)}:${two(second)}`;
  const numbers: Record<string, [number, number, string]> = {
    d: [day, 2, '0'],
    e: [day, 2, ' '],
    m: [month, 2, '0'],
    y: [year % 100, 2, '0'],
    Y: [year, 1, '0'],
    C: [Math.floor(year / 100), 2, '0'],
    G: [isoYear, 1, '0'],
    g: [isoYear % 100, 2, '0'],
    H: [hour, 2, '0'],
    k: [hour, 2, ' '],
    I: [hour12, 2, '0'],
    l: [hour12, 2, ' '],
    M: [minute, 2, '0'],
    S: [second, 2, '0'],
    j: [yearDay, 3, '0'],
    U: [Math.floor((yearDay + 6 - weekday) / 7), 2, '0'],
    W: [Math.floor((yearDay + 6 - ((weekday + 6) % 7)) / 7), 2, '0'],
    V: [isoWeek, 2, '0'],
    u: [weekday || 7, 1, '0'],
    w: [weekday, 1, '0'],
    s: [seconds + hour * 3600 + minute * 60 + second, 1, '0'],
  };
  const texts: Record<string, string> = {
    a: DAYS[weekday]!.slice(0, 3),
    A: DAYS[weekday]!,
    b: MONTHS[month - 1]!.slice(0, 3),
    h: MONTHS[month - 1]!.slice(0, 3),
    B: MONTHS[month - 1]!,
    p: hour < 12 ? 'AM' : 'PM',
    P: hour < 12 ? 'am' : 'pm',
    F: `${year}-${two(month)}-${two(day)}`,
    D: `${two(month)}/${two(day)}/${two(year % 100)}`,
    x: `${two(month)}/${two(day)}/${two(year % 100)}`,
    T: time,
    X: time,
    R: `${two(hour)}:${two(minute)}`,
    r: `${two(hour12)}:${two(minute)}:${two(second)} ${hour < 12 ? 'AM' : 'PM'}`,
    c: `${DAYS[weekday]!.slice(0, 3)} ${MONTHS[month - 1]!.slice(0, 3)} ${two(day, ' ')} ${time} ${year}`,
    f: String(clock.microsecond).padStart(6, '0'),
    n: '\n',
    t: '\t',
    '%': '%',
    z: '',
    Z: '',
  };
  return format.replace(DIRECTIVE, (whole, flags: string, width: string, kind: string) => {
    const number = numbers[kind];
    let shown: string;
    if (number) {
      const [value, size, fill] = number;
      const filler = flags.includes('_') ? ' ' : flags.includes('0') ? '0' : fill;
      shown = flags.includes('-')
        ? String(value)
        : String(value).padStart(Math.max(size, Math.min(1024, Number(width))), filler);
    } else {
      const text = texts[kind];
      if (text === undefined) return whole;
      shown = text.padStart(Math.min(1024, Number(width)), flags.includes('0') ? '0' : ' ');
    }
    return flags.includes('^') ? shown.toUpperCase() : shown;
  });
}
