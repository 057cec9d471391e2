/**
 * What two answers have in common. Two answers make a pair only when the model saw the same bytes before both: same
 * tools, same events in the same order, in one canonical form. Histories that differ are refused, never glued.
 */
import type { LogEvent } from '../trajectory/event.ts';
import { sha256 } from '../trajectory/hash.ts';
import { canonicalJson } from '../trajectory/json.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import type { Unit } from '../trajectory/unit.ts';

/** One model answer in its place: the events it consists of and everything the model saw before. */
export type Answer = {
  /** Index of the answer in its unit, from 0. */
  at: number;
  events: LogEvent[];
  prefix: LogEvent[];
  /** Hash over the tools offered and the canonical prefix: equal exactly when the prefixes are byte-equal. */
  prefixHash: string;
  /** UTF-8 bytes of the canonical prefix. */
  prefixBytes: number;
  /** Canonical form of the answer itself. */
  canonical: string;
};

/** Events that the model sees or writes; feedback, errors of the app, titles and the like are none. */
const SEEN = new Set<LogEvent['kind']>([
  'system',
  'user',
  'assistant',
  'tool_call',
  'tool_result',
  'retrieval',
  'compaction',
]);

const isAnswer = (event: LogEvent): boolean => event.kind === 'assistant' || event.kind === 'tool_call';

/** What of an event reaches a training row: no ids, times, flags or places in the log. */
export function canonicalEvent(event: LogEvent): string {
  const parts = event.parts.map((part) => {
    if (part.type === 'document') return { type: part.type, id: part.id, title: part.title, text: part.text };
    if (part.type === 'reasoning') return { type: part.type, text: part.text ?? '' };
    return part;
  });
  if (event.kind === 'tool_call') {
    const { name, arguments: parsed, argumentsRaw } = event.toolCall;
    return canonicalJson({ kind: event.kind, name, arguments: parsed ?? argumentsRaw, parts });
  }
  if (event.kind === 'tool_result') return canonicalJson({ kind: event.kind, name: event.toolResult.name, parts });
  return canonicalJson({ kind: event.kind, parts });
}

/**
 * Answers of a unit, in order. Neighbouring events of one step are one answer (text and its calls); a step's id
 * decides, and where the log has none, everything up to the next other event.
 */
export function answersOf(unit: Redacted<Unit>): Answer[] {
  const seen = unit.events.filter((event) => SEEN.has(event.kind));
  const answers: Answer[] = [];
  let prefixHash = sha256(
    `tools ${unit.tools
      .map((tool) => tool.sha)
      .sort()
      .join(' ')}`,
  );
  let prefixBytes = 0;
  for (let from = 0; from < seen.length; ) {
    const to = isAnswer(seen[from]!) ? endOfAnswer(seen, from) : from + 1;
    const forms = seen.slice(from, to).map(canonicalEvent);
    if (isAnswer(seen[from]!)) {
      const prefix = seen.slice(0, from);
      const canonical = forms.join('\n');
      answers.push({ at: answers.length, events: seen.slice(from, to), prefix, prefixHash, prefixBytes, canonical });
    }
    for (const form of forms) {
      prefixHash = sha256(`${prefixHash}\n${form}`);
      prefixBytes += Buffer.byteLength(form) + 1;
    }
    from = to;
  }
  return answers;
}

function endOfAnswer(seen: readonly LogEvent[], from: number): number {
  let to = from + 1;
  while (to < seen.length && isAnswer(seen[to]!)) {
    const [before, here] = [seen[to - 1]!.stepId, seen[to]!.stepId];
    if (before !== undefined && here !== undefined && before !== here) break;
    to++;
  }
  return to;
}

/** A prompt ends with what a person said, a tool returned or a retriever brought. */
export function isPrompt(prefix: readonly LogEvent[]): boolean {
  const last = prefix.at(-1)?.kind;
  return last === 'user' || last === 'tool_result' || last === 'retrieval';
}

export type PrefixRefusal = 'same_answers' | 'histories_differ' | 'one_ends_earlier' | 'no_prompt';
export type SharedPrefix =
  | { ok: true; a: Answer; b: Answer; rule: 'judged_answer' | 'first_difference' }
  | { ok: false; why: PrefixRefusal };

/**
 * The place where two runs part: their first differing answer, when everything before it is byte-equal.
 * @param judged events that a label speaks of, one in each unit. The label must speak of the very answers that differ
 * first (it is re-anchored from an event to the whole answer); otherwise the pair is refused
 */
export function sharedPrefix(a: Redacted<Unit>, b: Redacted<Unit>, judged?: { a: string; b: string }): SharedPrefix {
  const [left, right] = [answersOf(a), answersOf(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]];
    if (!x || !y) return { ok: false, why: 'one_ends_earlier' };
    if (x.prefixHash !== y.prefixHash) return { ok: false, why: 'histories_differ' };
    if (x.canonical === y.canonical) continue;
    if (!isPrompt(x.prefix)) return { ok: false, why: 'no_prompt' };
    if (!judged) return { ok: true, a: x, b: y, rule: 'first_difference' };
    const speaksOf = (answer: Answer, id: string) => answer.events.some((event) => event.id === id);
    return speaksOf(x, judged.a) && speaksOf(y, judged.b)
      ? { ok: true, a: x, b: y, rule: 'judged_answer' }
      : { ok: false, why: 'histories_differ' };
  }
  return { ok: false, why: 'same_answers' };
}
