/** `pprint.pformat`: a repr that breaks its lines at 80 columns and sorts the keys of dicts. */
import { ordered } from './compare.ts';
import { repr } from './text.ts';
import { countPoints, Dict, PyError, Tuple, typeName, type Value } from './values.ts';

const WIDTH = 80;

export function pretty(value: Value): string {
  return format(value, 0, 0);
}

/** Keys that have no order between them are ordered by the name of their type. */
function sortedEntries(dict: Dict): [Value, Value][] {
  return dict.entries().sort(([a], [b]) => (before(a, b) ? -1 : before(b, a) ? 1 : 0));
}

function before(a: Value, b: Value): boolean {
  try {
    return ordered(a, b, '<');
  } catch (thrown) {
    if (!(thrown instanceof PyError)) throw thrown;
    return `<class '${typeName(a)}'>` < `<class '${typeName(b)}'>`;
  }
}

/** On one line, keys sorted. */
function flat(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(flat).join(', ')}]`;
  if (value instanceof Tuple) return `(${value.items.map(flat).join(', ')}${value.items.length === 1 ? ',' : ''})`;
  if (value instanceof Dict) {
    return `{${sortedEntries(value)
      .map(([key, item]) => `${flat(key)}: ${flat(item)}`)
      .join(', ')}}`;
  }
  return repr(value);
}

/** @param indent columns before it; @param allowance columns that what closes around it needs */
function format(value: Value, indent: number, allowance: number): string {
  const line = flat(value);
  if (countPoints(line) <= WIDTH - indent - allowance) return line;
  if (typeof value === 'string') return formatText(value, indent, allowance);
  if (Array.isArray(value)) return `[${formatItems(value, indent, allowance + 1)}]`;
  if (value instanceof Tuple) {
    const only = value.items.length === 1 ? ',' : '';
    return `(${formatItems(value.items, indent, allowance + only.length + 1)}${only})`;
  }
  if (value instanceof Dict && value.size > 0) return `{${formatEntries(value, indent, allowance + 1)}}`;
  return line;
}

function formatItems(items: readonly Value[], indent: number, allowance: number): string {
  const inner = indent + 1;
  return items
    .map((item, at) => format(item, inner, at === items.length - 1 ? allowance : 1))
    .join(`,\n${' '.repeat(inner)}`);
}

function formatEntries(dict: Dict, indent: number, allowance: number): string {
  const inner = indent + 1;
  const entries = sortedEntries(dict);
  return entries
    .map(([key, item], at) => {
      const name = flat(key);
      const room = at === entries.length - 1 ? allowance : 1;
      return `${name}: ${format(item, inner + countPoints(name) + 2, room)}`;
    })
    .join(`,\n${' '.repeat(inner)}`);
}

/** Long texts become several literals, broken behind white space, in parentheses at the outermost level. */
function formatText(text: string, indent: number, allowance: number): string {
  const outermost = indent === 0 && allowance === 0;
  const column = outermost ? indent + 1 : indent;
  const close = outermost ? allowance + 1 : allowance;
  const chunks: string[] = [];
  const lines = text.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g)!;
  const kept = lines.filter((line) => line !== '');
  kept.forEach((line, at) => {
    const isLast = at === kept.length - 1;
    const whole = repr(line);
    if (countPoints(whole) <= WIDTH - column - (isLast ? close : 0)) {
      chunks.push(whole);
      return;
    }
    let current = '';
    const parts = line.match(/[^\s]*\s+|[^\s]+$/gu) ?? [];
    parts.forEach((part, place) => {
      const candidate = current + part;
      const room = WIDTH - column - (isLast && place === parts.length - 1 ? close : 0);
      if (countPoints(repr(candidate)) > room) {
        if (current !== '') chunks.push(repr(current));
        current = part;
      } else current = candidate;
    });
    if (current !== '') chunks.push(repr(current));
  });
  if (chunks.length === 1) return repr(text);
  const joined = chunks.join(`\n${' '.repeat(column)}`);
  return outermost ? `(${joined})` : joined;
}
