/** How much work a unit shows: counted from its calls and results, never from what somebody says about it. */
import type { LogEvent } from '../trajectory/event.ts';
import { type Call, type ResultEvent, saidIn } from './calls.ts';

export type Recovery = { error: string; result: string; tool: string };

/** Answers that call something. A call without a step counts as an answer of its own. */
function callsByAnswer(calls: readonly Call[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { event } of calls) {
    const answer = event.stepId ?? event.id;
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return counts;
}

export const countSteps = (calls: readonly Call[]): number => callsByAnswer(calls).size;

/** Most calls in one answer. */
export const findWidth = (calls: readonly Call[]): number => Math.max(0, ...callsByAnswer(calls).values());

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9';

/** A number stands in a text as itself, not inside a longer one. */
function holdsNumber(text: string, digits: string): boolean {
  for (let at = text.indexOf(digits); at >= 0; at = text.indexOf(digits, at + 1)) {
    if (!isDigit(text[at - 1]) && !isDigit(text[at + digits.length])) return true;
  }
  return false;
}

const MIN_STRING = 3;
const MIN_DIGITS = 2;
const isNumber = (value: string): boolean => /^-?\d+(?:\.\d+)?$/.test(value);
const canFlow = (value: string): boolean =>
  isNumber(value) ? value.replace(/\D/g, '').length >= MIN_DIGITS : [...value.trim().slice(0, 8)].length >= MIN_STRING;

/**
 * Calls in the longest chain in which each call is given something that an earlier call of the chain brought: an
 * argument string of 3 characters or more, or a number of 2 digits or more, that stands in its result. One call is a
 * chain of 1.
 */
export function countHops(calls: readonly Call[]): number {
  const lengths: number[] = [];
  for (const [index, call] of calls.entries()) {
    const values = [...new Set(call.values)].filter(canFlow);
    // Longest chains first: the first one that feeds this call decides.
    const earlier = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]!);
    const feeder = earlier.find((i) => {
      const source = calls[i]!;
      const cameBefore = source.results.some((result) => result.seq < call.event.seq);
      return (
        cameBefore &&
        values.some((value) =>
          isNumber(value) ? holdsNumber(source.resultText, value) : source.resultText.includes(value.trim()),
        )
      );
    });
    lengths[index] = feeder === undefined ? 1 : lengths[feeder]! + 1;
  }
  return Math.max(0, ...lengths);
}

/** A failed result that a later good one of the same tool made up for; the evidence is both events. */
export function findRecovery(events: readonly LogEvent[], calls: readonly Call[]): Recovery[] {
  const nameOf = new Map(calls.map((call) => [call.event.id, call.name]));
  const toolOf = (event: ResultEvent) => nameOf.get(event.toolResult.forEventId ?? '') ?? event.toolResult.name;
  const results = events.filter((event) => event.kind === 'tool_result');
  return results.flatMap((event, index) => {
    const tool = toolOf(event);
    if (event.toolResult.status !== 'error' || tool === undefined) return [];
    const good = results
      .slice(index + 1)
      .find((later) => toolOf(later) === tool && later.toolResult.status !== 'error');
    return good ? [{ error: event.id, result: good.id, tool }] : [];
  });
}

/** Calls that repeat an earlier one: same tool, same arguments. */
export function countRetries(calls: readonly Call[]): number {
  const seen = new Set<string>();
  let retries = 0;
  for (const call of calls) {
    const key = `${call.name}\n${call.argumentsKey}`;
    if (seen.has(key)) retries++;
    seen.add(key);
  }
  return retries;
}

const UNDO = /(?:^|[^a-z])(?:undo|revert|restore|rollback|roll_back|reopen|reinstate|uncancel|undelete)(?:[^a-z]|$)/i;

/** A tool's name as words: `cancelOrder`, `cancel_order` and `cancel-order` are one. */
export const nameWords = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');

/**
 * Binding calls that went well and were taken back later: by a tool named so, or by the same tool with other arguments
 * on the same thing (they share an argument). Deleting two different files is no backtrack.
 */
export function countBacktracks(calls: readonly Call[], isBinding: (call: Call) => boolean): number {
  let backtracks = 0;
  for (const [index, call] of calls.entries()) {
    const wentWell = call.results.length > 0 && call.results.every((result) => result.toolResult.status !== 'error');
    if (!wentWell || !isBinding(call)) continue;
    const values = new Set(call.values);
    const isTakenBack = calls.slice(index + 1).some((later) => {
      if (!later.values.some((value) => values.has(value))) return false;
      if (later.name === call.name) return later.argumentsKey !== call.argumentsKey;
      return UNDO.test(nameWords(later.name));
    });
    if (isTakenBack) backtracks++;
  }
  return backtracks;
}

/** Answers without a call that end in a question, in a unit that has calls. */
export function countClarifications(events: readonly LogEvent[], calls: readonly Call[]): number {
  if (calls.length === 0) return 0;
  const acting = new Set(calls.map((call) => call.event.stepId));
  return events.filter(
    (event) =>
      event.kind === 'assistant' &&
      (event.stepId === undefined || !acting.has(event.stepId)) &&
      /[?？؟]$/.test(saidIn(event).trimEnd()),
  ).length;
}
