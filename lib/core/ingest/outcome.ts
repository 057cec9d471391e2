/** How it ended, by evidence in the log only (docs/formats.md). The first rule that finds something decides. */
import type { Feedback, LogEvent } from '../trajectory/event.ts';
import type { Outcome, Step } from '../trajectory/trajectory.ts';

type Value = Outcome['value'];
type FeedbackEvent = Extract<LogEvent, { kind: 'feedback' }>;

export function outcomeOf(events: readonly LogEvent[], steps: readonly Step[]): Outcome {
  return (
    byVerifier(events) ??
    byUser(events) ??
    byTerminalStatus(events, steps) ??
    byHeuristic(events) ?? { value: 'unknown', basis: 'none', evidence: [], confidence: 0, ruleId: 'outcome.none' }
  );
}

function byVerifier(events: readonly LogEvent[]): Outcome | undefined {
  const verdicts = feedbackOf(events).filter(
    ({ feedback }) => feedback.by === 'verifier' && feedback.target === 'trajectory',
  );
  return outcomeFrom(verdicts, 'verifier', 1, 'outcome.verifier');
}

function byUser(events: readonly LogEvent[]): Outcome | undefined {
  const lastAnswer = events.findLast((event) => event.kind === 'assistant')?.id;
  const told = feedbackOf(events).filter(
    ({ feedback }) => feedback.by === 'user' && (feedback.target === 'trajectory' || feedback.target === lastAnswer),
  );
  return outcomeFrom(told, 'user_feedback', 0.9, 'outcome.user_feedback');
}

const feedbackOf = (events: readonly LogEvent[]): FeedbackEvent[] =>
  events.filter((event) => event.kind === 'feedback');

function outcomeFrom(
  told: FeedbackEvent[],
  basis: Outcome['basis'],
  confidence: number,
  ruleId: string,
): Outcome | undefined {
  const judged = told.flatMap((event) => {
    const value = judge(event.feedback);
    return value ? [{ id: event.id, value }] : [];
  });
  if (judged.length === 0) return undefined;
  const values = new Set(judged.map(({ value }) => value));
  const value: Value = values.size === 1 ? judged[0]!.value : 'partial';
  return { value, basis, evidence: judged.map(({ id }) => id), confidence, ruleId };
}

const GOOD = new Set([
  'true',
  'resolved',
  'c',
  'correct',
  'pass',
  'passed',
  'success',
  'up',
  'good',
  'yes',
  'accept',
  'accepted',
  'thumbs_up',
  'thumbsup',
]);
const BAD = new Set([
  'false',
  'unresolved',
  'i',
  'incorrect',
  'fail',
  'failed',
  'failure',
  'down',
  'bad',
  'no',
  'reject',
  'rejected',
  'thumbs_down',
  'thumbsdown',
]);

/** @returns undefined for what says nothing about good or bad: ranks, edits, comments, numbers without a scale */
function judge({ signal, value, scale }: Feedback): Value | undefined {
  if (signal === 'rank' || signal === 'edit' || signal === 'text') return undefined;
  if (signal === 'accept' || signal === 'reject') {
    if (value === false) return undefined;
    return signal === 'accept' ? 'success' : 'failure';
  }
  if (typeof value === 'boolean') return value ? 'success' : 'failure';
  if (typeof value === 'string') {
    const word = value.trim().toLowerCase();
    if (GOOD.has(word)) return 'success';
    if (BAD.has(word)) return 'failure';
    return word === 'p' || word === 'partial' ? 'partial' : undefined;
  }
  const [low, high] = scale ?? (signal === 'thumb' ? [value < 0 ? -1 : 0, 1] : [0, 1]);
  if (value < low || value > high) return undefined;
  return value === high ? 'success' : value === low ? 'failure' : 'partial';
}

const SAID = new Set<LogEvent['kind']>(['user', 'assistant', 'tool_call', 'tool_result', 'error', 'subagent']);

/** `incomplete` is the log's end, not the run's: it says nothing. */
function byTerminalStatus(events: readonly LogEvent[], steps: readonly Step[]): Outcome | undefined {
  const last = events.findLast((event) => SAID.has(event.kind));
  if (!last) return undefined;
  const step = steps.find(({ id }) => id === last.stepId);
  const refused = last.kind === 'assistant' && last.parts.some((part) => part.type === 'refusal');
  const isEnd =
    last.kind === 'error' ||
    refused ||
    step?.finish === 'length' ||
    step?.finish === 'filter' ||
    step?.finish === 'error';
  if (!isEnd) return undefined;
  const answered = events.some(
    (event) => event.kind === 'assistant' && event.stepId !== last.stepId && event.parts.length > 0,
  );
  return {
    value: answered ? 'partial' : 'failure',
    basis: 'explicit_status',
    evidence: [last.id],
    confidence: 0.7,
    ruleId: 'outcome.terminal_status',
  };
}

const APOLOGY =
  /^\s*(?:i['’]?m (?:very |so |really )?sorry|i am (?:very )?sorry|sorry|i apologi[sz]e|my apologies|unfortunately)\b/i;

/** Hints only: the value stays unknown. */
function byHeuristic(events: readonly LogEvent[]): Outcome | undefined {
  const evidence = lastToolError(events) ?? repeatedQuestion(events) ?? apology(events);
  return evidence && { value: 'unknown', basis: 'heuristic', evidence, confidence: 0.3, ruleId: 'outcome.heuristic' };
}

function lastToolError(events: readonly LogEvent[]): string[] | undefined {
  const results = events.filter((event) => event.kind === 'tool_result');
  if (!results.some((event) => event.toolResult.status === 'error')) return undefined;
  const names = new Map(
    events.flatMap((event) => (event.kind === 'tool_call' ? [[event.id, event.toolCall.name] as const] : [])),
  );
  const toolOf = (event: (typeof results)[number]) =>
    names.get(event.toolResult.forEventId ?? '') ?? event.toolResult.name;
  const at = results.findLastIndex((event) => event.toolResult.status === 'error');
  if (at < 0) return undefined;
  const recovered = results
    .slice(at + 1)
    .some((event) => toolOf(event) === toolOf(results[at]!) && event.toolResult.status !== 'error');
  return recovered ? undefined : [results[at]!.id];
}

function repeatedQuestion(events: readonly LogEvent[]): string[] | undefined {
  if (events.filter(({ kind }) => kind === 'user').length < 2) return undefined;
  const asked = new Map<string, string>();
  for (const event of events) {
    if (event.kind !== 'user' || event.injected || event.copied) continue;
    const text = event.parts.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
    const key = text.trim().toLowerCase();
    if (key.length < 8) continue;
    const before = asked.get(key);
    if (before !== undefined) return [before, event.id];
    asked.set(key, event.id);
  }
  return undefined;
}

function apology(events: readonly LogEvent[]): string[] | undefined {
  const last = events.findLast((event) => event.kind === 'assistant' || event.kind === 'user');
  if (last?.kind !== 'assistant') return undefined;
  const text = last.parts.find((part) => part.type === 'text')?.text ?? '';
  return APOLOGY.test(text) ? [last.id] : undefined;
}
