/**
 * Every tag of a unit, from its canonical events alone (docs/formats.md). Works on redacted units: a placeholder is text
 * like any other, and the same value has the same placeholder all over a unit, so argument flow survives. Tags that a
 * person set are kept; `origin` says of each tag where it came from.
 */
import type { LogEvent } from '../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../trajectory/json.ts';
import type { Unit } from '../trajectory/unit.ts';
import { type Call, collectCalls, saidIn, wordsOf } from './calls.ts';
import {
  countBacktracks,
  countClarifications,
  countHops,
  countRetries,
  countSteps,
  findRecovery,
  findWidth,
  nameWords,
} from './complexity.ts';
import { DOMAIN_RULE, findDomain, findTask, TASK_RULE } from './domain.ts';
import { detectLanguage, LANG_RULE } from './language.ts';
import { findLevel } from './level.ts';
import { estimateTokens } from './tokens.ts';
import { markWrites, WRITES_RULE } from './writes.ts';

export const TAGS_VERSION = 'tags@1';

/** 'events': counted; 'rule:…@n': proposed by that rule; 'estimate:…@n': not measured; 'model:…@n': said by that version of the
 *  project's classifier; 'person': set by hand. */
export type TagOrigin = 'events' | 'tools' | 'person' | `rule:${string}` | `estimate:${string}` | `model:${string}`;

const asksForm = (event: LogEvent): boolean => event.kind === 'user' && !event.injected;

/** Tokens of one event as a model would read it: text, arguments and tool names. */
const tokensOf = (event: LogEvent): number => {
  if (event.kind === 'meta' || event.kind === 'feedback') return 0;
  if (event.kind === 'tool_call') return estimateTokens(`${event.toolCall.name} ${event.toolCall.argumentsRaw}`);
  return estimateTokens(wordsOf(event));
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

function readSpeech(events: readonly LogEvent[]): { question: string; asked: string; answered: string } {
  const asked = events.filter(asksForm).map(saidIn);
  const answered = events.filter((event) => event.kind === 'assistant').map(saidIn);
  return { question: asked[0] ?? '', asked: asked.join('\n'), answered: answered.join('\n') };
}

/** What people ask tells the language; the answers only when too little is asked. */
function languageOf(asked: string, answered: string): string {
  const spoken = detectLanguage(asked);
  return spoken === 'und' ? detectLanguage(`${asked}\n${answered}`) : spoken;
}

/** Tags that a person set, by name. */
function setByHand(tags: JsonObject): JsonObject {
  const { origin } = tags;
  if (!isObject(origin)) return {};
  return Object.fromEntries(
    Object.keys(origin).flatMap((name) => (origin[name] === 'person' ? [[name, tags[name] ?? null]] : [])),
  );
}

export function tagUnit<U extends Unit>(unit: U): U {
  const { events } = unit;
  const calls = collectCalls(events);
  const markOf = markWrites(unit.tools);
  const isWrite = (call: Call) => markOf(call.name).isWrite;
  const writes = calls.filter(isWrite).length;
  const toolNames = [...new Set(calls.map((call) => call.name))];
  const recovery = findRecovery(events, calls);
  const hasRetrieval = events.some(
    (event) =>
      event.kind === 'retrieval' || (event.kind === 'user' && event.parts.some((part) => part.type === 'document')),
  );
  const results = events.filter((event) => event.kind === 'tool_result');
  const { question, asked, answered } = readSpeech(events);
  const counts = {
    steps: countSteps(calls),
    calls: calls.length,
    tools: toolNames.length,
    hops: countHops(calls),
    width: findWidth(calls),
    turns: events.filter(asksForm).length,
    recovered: recovery.length > 0,
  };
  const counted: JsonObject = {
    ...counts,
    toolNames,
    errors: results.filter((event) => event.toolResult.status === 'error').length,
    modelErrors: events.filter((event) => event.kind === 'error').length,
    recovery,
    retries: countRetries(calls),
    backtracks: countBacktracks(calls, (call) => markOf(call.name).isBinding),
    clarifications: countClarifications(events, calls),
    hasRetrieval,
    models: [...unit.models],
    outcome: unit.outcome.value,
    outcomeBasis: unit.outcome.basis,
  };
  const latencies = unit.steps.flatMap((step) => (step.latencyMs === undefined ? [] : [step.latencyMs]));
  if (latencies.length > 0) counted.latencyMs = sum(latencies);

  const isAnnotated = calls.every((call) => markOf(call.name).origin === 'tools');
  const judged: [name: string, value: Json, origin: TagOrigin][] = [
    ['writes', writes, isAnnotated ? 'tools' : WRITES_RULE],
    ['tokens', sum(events.map(tokensOf)), 'estimate:tokens@1'],
    ['resultTokens', sum(results.map(tokensOf)), 'estimate:tokens@1'],
    ['level', findLevel({ ...counts, hasRetrieval }), 'rule:level@1'],
    ['lang', languageOf(asked, answered), LANG_RULE],
    [
      'domain',
      findDomain(`${asked}\n${answered}`, toolNames.map(nameWords).join(' ').replaceAll('_', ' ')),
      DOMAIN_RULE,
    ],
    ['task', findTask(question, { calls: calls.length, writes, hasRetrieval }), TASK_RULE],
  ];
  const tags: JsonObject = { version: TAGS_VERSION, ...counted };
  const origin: JsonObject = Object.fromEntries(Object.keys(counted).map((name) => [name, 'events']));
  for (const [name, value, from] of judged) {
    tags[name] = value;
    origin[name] = from;
  }
  const kept = setByHand(unit.tags);
  for (const name of Object.keys(kept)) {
    tags[name] = kept[name]!;
    origin[name] = 'person';
  }
  return { ...unit, tags: { ...tags, origin } };
}
