/** Calls of a unit with what they were given and what came back, in order: what the complexity tags are counted from. */
import type { LogEvent, Part } from '../trajectory/event.ts';
import { canonicalJson, isObject, type Json, JsonNumber, stringify } from '../trajectory/json.ts';

export type CallEvent = Extract<LogEvent, { kind: 'tool_call' }>;
export type ResultEvent = Extract<LogEvent, { kind: 'tool_result' }>;

export type Call = {
  event: CallEvent;
  name: string;
  /** Canonical arguments, or the raw string when they could not be parsed. */
  argumentsKey: string;
  /** Text and number leaves of the arguments. */
  values: string[];
  /** Answers in order; more than one only for repeated results. */
  results: ResultEvent[];
  resultText: string;
};

const textOfPart = (part: Part): string => {
  if (part.type === 'text' || part.type === 'refusal') return part.text;
  if (part.type === 'reasoning' || part.type === 'document') return part.text ?? '';
  return part.type === 'json' ? stringify(part.value) : '';
};

/** Everything that an event says, reasoning included, parts joined by line breaks. */
export const wordsOf = (event: LogEvent): string => event.parts.map(textOfPart).filter(Boolean).join('\n');

/** Text that is meant for a reader: no reasoning. */
export const saidIn = (event: LogEvent): string =>
  event.parts
    .filter((part) => part.type === 'text' || part.type === 'refusal')
    .map(textOfPart)
    .join('\n');

/** Strings and numbers anywhere in a value, depth first. */
export function leavesOf(value: Json | undefined): (string | number | JsonNumber)[] {
  const found: (string | number | JsonNumber)[] = [];
  const open: (Json | undefined)[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string' || typeof next === 'number' || next instanceof JsonNumber) found.push(next);
    else if (Array.isArray(next)) for (let i = next.length - 1; i >= 0; i--) open.push(next[i]);
    else if (isObject(next)) open.push(...Object.values(next).reverse());
  }
  return found;
}

export function collectCalls(events: readonly LogEvent[]): Call[] {
  const calls = new Map<string, Call>();
  for (const event of events) {
    if (event.kind === 'tool_call') {
      const { name, argumentsRaw, arguments: given } = event.toolCall;
      calls.set(event.id, {
        event,
        name,
        argumentsKey: given === undefined ? argumentsRaw : canonicalJson(given),
        values: leavesOf(given).map(String),
        results: [],
        resultText: '',
      });
    } else if (event.kind === 'tool_result' && event.toolResult.forEventId !== undefined) {
      const call = calls.get(event.toolResult.forEventId);
      call?.results.push(event);
    }
  }
  for (const call of calls.values()) call.resultText = call.results.map(wordsOf).join('\n');
  return [...calls.values()];
}
