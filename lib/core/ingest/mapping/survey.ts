/** What stands in records that nobody knows: every field, how often it is there, and what it may be. */
import { isObject, type Json, JsonNumber, stringify } from '../../trajectory/json.ts';
import { readTime } from '../shared/read-time.ts';
import { speakerOf } from '../shared/roles.ts';
import { type Meaning, OF_A_TURN } from './mapping.ts';
import { toPattern } from './pattern.ts';

export type Field = {
  /** Pointer with `*` for items of lists. */
  at: string;
  /** In how many records it stands. */
  records: number;
  kind: 'text' | 'number' | 'boolean' | 'list' | 'mixed';
  /** Of its first value, as it was handed in (redacted). */
  example: string;
  /** Few different words: what it may say. */
  words: string[];
  guess?: Meaning;
};

const MAX_FIELDS = 300;
const MAX_DEPTH = 10;
const MAX_ITEMS = 50;
const MAX_WORDS = 12;
const EXAMPLE_CHARACTERS = 80;

type Seen = { records: Set<number>; kinds: Set<Field['kind']>; example: string; words: Set<string>; isTalk: boolean };

/** @param records redacted; at most the first hundred are looked at */
export function surveyFields(records: readonly Json[]): Field[] {
  const seen = new Map<string, Seen>();
  for (const [n, record] of records.slice(0, 100).entries()) walk(record, [], n, seen);
  const fields = [...seen].map(
    ([at, { records: own, kinds, example, words }]): Field => ({
      at,
      records: own.size,
      kind: kinds.size === 1 ? [...kinds][0]! : 'mixed',
      example,
      words: words.size <= MAX_WORDS ? [...words].sort() : [],
    }),
  );
  return guessMeanings(fields, seen);
}

const kindOf = (value: Json): Field['kind'] =>
  Array.isArray(value)
    ? 'list'
    : typeof value === 'string'
      ? 'text'
      : typeof value === 'boolean'
        ? 'boolean'
        : 'number';

function walk(value: Json, steps: (string | number)[], n: number, seen: Map<string, Seen>): void {
  if (value === null || steps.length > MAX_DEPTH) return;
  if (isObject(value)) {
    for (const key of Object.keys(value)) walk(value[key]!, [...steps, key], n, seen);
    return;
  }
  const at = toPattern(steps);
  const known = seen.get(at);
  if (!known && seen.size >= MAX_FIELDS) return;
  const field: Seen = known ?? {
    records: new Set(),
    kinds: new Set(),
    example: exampleOf(value),
    words: new Set(),
    isTalk: false,
  };
  seen.set(at, field);
  field.records.add(n);
  field.kinds.add(kindOf(value));
  if (typeof value === 'string' && field.words.size <= MAX_WORDS) field.words.add(value.slice(0, 60));
  if (!Array.isArray(value)) return;
  field.isTalk ||= value.length > 0 && value.every(isObject);
  for (const item of value.slice(0, MAX_ITEMS)) walk(item, [...steps, 0], n, seen);
}

function exampleOf(value: Json): string {
  const text = typeof value === 'string' ? value : value instanceof JsonNumber ? value.literal : stringify(value);
  const characters = [...text.replace(/\s+/g, ' ')];
  return characters.length <= EXAMPLE_CHARACTERS
    ? characters.join('')
    : `${characters.slice(0, EXAMPLE_CHARACTERS).join('')}…`;
}

const NAMES: [Meaning, RegExp][] = [
  ['role', /^(?:role|who|from|sender|speaker|author|actor|type|side|party)$/i],
  ['text', /^(?:text|content|body|message|msg|say|said|utterance|value|line)$/i],
  ['time', /^(?:time|timestamp|ts|at|date|created|created_?at|sent_?at|when)$/i],
  ['conversation', /^(?:conversation|session|thread|dialog|chat|ticket|case|call)_?(?:id|key|no|number)?$/i],
  ['message_id', /^(?:id|uuid|message_?id|msg_?id|turn_?id)$/i],
  ['tool', /^(?:tool|tool_?name|function|fn|command)$/i],
  ['arguments', /^(?:arguments|args|parameters|params|tool_?input|input_?json)$/i],
  ['call_id', /^(?:call_?id|tool_?call_?id)$/i],
  ['question', /^(?:question|query|prompt|ask|user_?input|request|frage)$/i],
  ['answer', /^(?:answer|response|reply|completion|output|bot_?output|antwort)$/i],
  ['context', /^(?:context|documents|passages|sources|retrieved)$/i],
];

/** By name and by what the field says, each meaning once. A person decides. */
function guessMeanings(fields: Field[], seen: ReadonlyMap<string, Seen>): Field[] {
  const lastOf = (at: string) => at.slice(at.lastIndexOf('/') + 1);
  const isTalk = (at: string) => {
    const inside = fields.filter((field) => field.at.startsWith(`${at}/*/`));
    return (
      inside.some((field) => field.words.length >= 2) && inside.some(({ at: one }) => NAMES[1]![1].test(lastOf(one)))
    );
  };
  const turns = fields.find(({ at, kind }) => kind === 'list' && seen.get(at)!.isTalk && isTalk(at))?.at;
  const taken = new Set<Meaning>();
  const guessOf = (field: Field): Meaning | undefined => {
    if (field.at === turns) return 'turns';
    const name = lastOf(field.at);
    const inTurn = turns !== undefined && field.at.startsWith(`${turns}/*/`);
    for (const [meaning, words] of NAMES) {
      if (taken.has(meaning) || !words.test(name)) continue;
      const ofTurn = OF_A_TURN.has(meaning);
      if (turns !== undefined && ofTurn !== inTurn && meaning !== 'time') continue;
      if (
        meaning === 'role' &&
        !(field.words.length > 0 && field.words.some((word) => speakerOf(word) || field.words.length <= 6))
      )
        continue;
      if (meaning === 'time' && readTime(field.example) === undefined && field.kind === 'text') continue;
      return meaning;
    }
    return undefined;
  };
  return fields.map((field) => {
    const guess = guessOf(field);
    if (guess === undefined) return field;
    taken.add(guess);
    return { ...field, guess };
  });
}
