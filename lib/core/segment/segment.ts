/**
 * Cuts a trajectory into training units. Every event is in exactly one unit's range or one leftover range; what a later
 * unit needs of the earlier one (its system prompt) is repeated before its range, marked `copied`.
 */
import type { LogEvent } from '../trajectory/event.ts';
import { sha256 } from '../trajectory/hash.ts';
import type { Outcome, Range, Step, Trajectory } from '../trajectory/trajectory.ts';
import type { CutRuleId, Unit, UnitKind, UnitRuleId } from '../trajectory/unit.ts';
import { findCuts, systemInForce } from './boundaries.ts';
import { findEligibility } from './eligible.ts';

/** `no_answer`: nobody answered; `no_question`: nothing was asked; `trailing`: came after the last answer. */
export type LeftoverReason = 'no_answer' | 'no_question' | 'trailing';
export type Leftover = { trajectoryId: string; range: Range; reason: LeftoverReason };
export type Segmented = { units: Unit[]; leftover: Leftover[] };

/** What may stand behind the last answer of a unit; anything else is cut off there. */
const STAYS_AFTER_ANSWER = new Set<LogEvent['kind']>(['feedback', 'meta', 'error']);

const NO_OUTCOME: Outcome = { value: 'unknown', basis: 'none', evidence: [], confidence: 0, ruleId: 'outcome.none' };

export const unitId = (trajectoryId: string, [from, to]: Range): string =>
  `u_${sha256(`${trajectoryId}\n${from},${to}`).slice(0, 24)}`;

/** @param parents `rootId`: id of the outermost parent, when the caller knows more than this trajectory says */
export function cutIntoUnits(trajectory: Trajectory, parents?: { rootId?: string }): Segmented {
  const units: Unit[] = [];
  const leftover: Leftover[] = [];
  const leave = (from: number, to: number, reason: LeftoverReason) => {
    if (to > from) leftover.push({ trajectoryId: trajectory.id, range: [from, to], reason });
  };
  const rootId = parents?.rootId ?? trajectory.parentTrajectoryId ?? trajectory.id;
  const pieces = toPieces(trajectory);
  for (const piece of pieces) {
    const [from, end] = piece.range;
    const to = trimmedEnd(trajectory.events, from, end);
    if (to === undefined) {
      leave(from, end, 'no_answer');
      continue;
    }
    const rule = chooseRule(trajectory.events.slice(from, to));
    if (rule === undefined) {
      leave(from, end, 'no_question');
      continue;
    }
    const unit = makeUnit(trajectory, [from, to], rule, piece.rule, rootId);
    if (to < end) unit.flags.push('trimmed_tail');
    if (pieces.length > 1) unit.flags.push('split');
    unit.flags.sort();
    if (units[0]) unit.segmentOf = units[0].id;
    units.push(unit);
    leave(to, end, 'trailing');
  }
  giveOutcomes(trajectory, units);
  return { units, leftover };
}

function toPieces(trajectory: Trajectory): { range: Range; rule: CutRuleId }[] {
  const cuts = findCuts(trajectory);
  const goesOn = trajectory.flags.includes('split_for_size') && trajectory.continues !== undefined;
  const starts = [{ at: 0, rule: goesOn ? ('cut.size' as const) : ('cut.none' as const) }, ...cuts];
  return starts.flatMap(({ at, rule }, index) => {
    const end = starts[index + 1]?.at ?? trajectory.events.length;
    return end > at ? [{ range: [at, end] as Range, rule }] : [];
  });
}

/** End of the unit in [from, end): behind the last answer and what stays with it; undefined without an answer. */
function trimmedEnd(events: readonly LogEvent[], from: number, end: number): number | undefined {
  let last = end - 1;
  while (last >= from && events[last]?.kind !== 'assistant') last--;
  if (last < from) return undefined;
  let to = last + 1;
  while (to < end && STAYS_AFTER_ANSWER.has(events[to]!.kind)) to++;
  return to;
}

/** A branch that asks nothing of its own (a regenerated answer) is judged by the questions that it shares. */
function chooseRule(events: readonly LogEvent[]): { unit: UnitKind; ruleId: UnitRuleId } | undefined {
  const calls = new Set(events.flatMap((event) => (event.kind === 'tool_call' ? [event.id] : [])));
  const isAgent = events.some(
    (event) =>
      event.kind === 'subagent' || (event.kind === 'tool_result' && calls.has(event.toolResult.forEventId ?? '')),
  );
  if (isAgent) return { unit: 'agent', ruleId: 'unit.agent' };
  const asked = events.filter((event) => event.kind === 'user' && !event.injected);
  const own = asked.filter((event) => !event.copied).length;
  const questions = own > 0 ? own : asked.length;
  if (questions >= 2) return { unit: 'thread', ruleId: 'unit.thread' };
  return questions === 1 ? { unit: 'qa', ruleId: 'unit.qa' } : undefined;
}

function makeUnit(
  trajectory: Trajectory,
  range: Range,
  rule: { unit: UnitKind; ruleId: UnitRuleId },
  cutRuleId: CutRuleId,
  rootId: string,
): Unit {
  const [from, to] = range;
  const own = trajectory.events.slice(from, to);
  const events = [...systemFor(trajectory.events, own, from), ...own];
  const whole = trajectory.steps.filter((step) => step.outputs.some(([start, end]) => start < to && end > from));
  const steps = whole.map((step) => ({ ...step, outputs: clip(step.outputs, range) }));
  const lastAnswer = own.findLast((event) => event.kind === 'assistant');
  const lastStep = whole.find((step) => step.id === lastAnswer?.stepId);
  const models = [...new Set(steps.flatMap((step) => (step.model ? [step.model] : [])))];
  const unit: Unit = {
    schema: 'assay.unit/1',
    id: unitId(trajectory.id, range),
    trajectoryId: trajectory.id,
    rootId,
    ...rule,
    cutRuleId,
    range,
    events,
    steps,
    tools: toolsFor(trajectory, steps, own),
    models: models.length > 0 ? models : [...trajectory.models],
    outcome: NO_OUTCOME,
    tags: {},
    flags: [...trajectory.flags],
    eligible: findEligibility(events, trajectory.flags, lastStep, to),
  };
  if (trajectory.externalIds) unit.externalIds = { ...trajectory.externalIds };
  return unit;
}

/** The system prompt of an earlier piece, unless this piece brings its own before its first answer. */
function systemFor(events: readonly LogEvent[], own: readonly LogEvent[], from: number): LogEvent[] {
  if (from === 0) return [];
  const firstAnswer = own.findIndex((event) => event.kind === 'assistant');
  if (own.slice(0, firstAnswer).some((event) => event.kind === 'system')) return [];
  return systemInForce(events, from).map((event) => ({ ...event, copied: true as const }));
}

const clip = (ranges: readonly Range[], [from, to]: Range): Range[] =>
  ranges.flatMap(([start, end]): Range[] =>
    start < to && end > from ? [[Math.max(start, from), Math.min(end, to)]] : [],
  );

/** The schemas offered to these steps or meant by these calls; all of them when the log does not say which. */
function toolsFor(trajectory: Trajectory, steps: readonly Step[], own: readonly LogEvent[]): Trajectory['tools'] {
  if (!steps.some((step) => step.tools)) return trajectory.tools;
  const meant = new Set(steps.flatMap((step) => step.tools ?? []));
  for (const event of own) if (event.kind === 'tool_call' && event.toolCall.toolSha) meant.add(event.toolCall.toolSha);
  return trajectory.tools.filter((tool) => meant.has(tool.sha));
}

/** A verdict on the run holds for all of its pieces; any other evidence for the piece whose answer it judges. */
function giveOutcomes({ outcome, events }: Trajectory, units: readonly Unit[]): void {
  const isForAll = outcome.basis === 'verifier' || outcome.basis === 'reviewer' || outcome.basis === 'none';
  const judged = outcome.evidence.flatMap((id) => {
    const event = events.find((candidate) => candidate.id === id);
    return event?.kind === 'feedback' && event.feedback.target !== 'trajectory' ? [event.feedback.target, id] : [id];
  });
  const holder =
    units.find((unit) => judged.some((id) => unit.events.some((event) => event.id === id && !event.copied))) ??
    units.at(-1);
  for (const unit of units) unit.outcome = isForAll || unit === holder ? outcome : NO_OUTCOME;
}
