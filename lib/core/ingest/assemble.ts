/**
 * Drafts to trajectories: ids, order, steps, pairing, arguments, flags, outcome (docs/formats.md). Adapters say
 * what was logged; everything that follows from rules is worked out here, the same for all formats.
 */
import type { ErrorInfo, EventFlag, Feedback, LogEvent, RawRef, ToolCall, ToolResult } from '../trajectory/event.ts';
import { sha256 } from '../trajectory/hash.ts';
import type { Range, Step, ToolDef, Trajectory, TrajectorySource } from '../trajectory/trajectory.ts';
import type { DraftEvent, DraftStep, DraftTrajectory, Place, RecordRef } from './adapter.ts';
import type { ArgumentChecker } from './check-arguments.ts';
import { eventFlags, trajectoryFlags } from './flags.ts';
import { outcomeOf } from './outcome.ts';
import { inCausalOrder, pairCalls } from './pair-calls.ts';
import { parseArguments } from './parse-arguments.ts';
import { inferStatus } from './result-status.ts';
import { withoutBodies } from './shared/media.ts';

/** What the trajectories of one source share. */
export type Assembly = {
  source: TrajectorySource;
  checker: ArgumentChecker;
  /** Where drafts ended up, for links between trajectories. */
  placed: WeakMap<DraftEvent, string>;
  /** How often each id was wanted. */
  taken: Map<string, number>;
};

export function trajectoryId(adapter: string, rootKey: string, branchPath = ''): string {
  return `t_${sha256(`${adapter}\n${rootKey}\n${branchPath}`).slice(0, 24)}`;
}

/** @returns undefined for a draft without events */
export function assemble(draft: DraftTrajectory, assembly: Assembly): Trajectory | undefined {
  const events = inCausalOrder(draft.events);
  const first = events[0];
  if (first === undefined) return undefined;
  const id = freeId(draft, first.place.record, assembly);
  for (const [seq, event] of events.entries()) assembly.placed.set(event, `${id}:${seq}`);
  const seqOf = new Map(events.map((event, seq) => [event, seq]));

  const { steps: draftSteps, stepOf } = gatherSteps(events);
  const tools = gatherTools(draft.tools, draftSteps);
  const pairs = pairCalls(events, stepOf);
  const calls = new Map<DraftEvent, ToolCall & { flags: EventFlag[] }>();
  for (const event of events) {
    if (event.call) calls.set(event, readCall(event, stepOf.get(event), draft.tools, tools, assembly.checker));
  }
  const flagsOf = eventFlags(events, { stepOf, pairs, calls });

  const stepIds = new Map(draftSteps.map((step, index) => [step, `s${index}`]));
  const attempts = new Map<DraftEvent, number>();
  const logEvents = events.map((event, seq): LogEvent => {
    const step = stepOf.get(event);
    const call = calls.get(event);
    // In the order in which they are printed; fields that are left out are never set.
    const made = { id: `${id}:${seq}`, seq, kind: event.kind, actor: event.actor } as {
      -readonly [K in keyof Printed]: Printed[K];
    };
    if (event.role !== undefined) made.role = event.role;
    if (event.name !== undefined) made.name = event.name;
    const stepId = step && stepIds.get(step);
    if (stepId !== undefined) made.stepId = stepId;
    if (event.ts !== undefined) made.ts = event.ts;
    made.tsSource = event.ts === undefined ? 'none' : event.tsInferred ? 'inferred' : 'log';
    if (event.latencyMs !== undefined) made.latencyMs = event.latencyMs;
    made.parts = event.parts?.some(({ type }) => type === 'json')
      ? event.parts.map((part) => (part.type === 'json' ? { ...part, value: withoutBodies(part.value) } : part))
      : (event.parts ?? []);
    if (call) made.toolCall = withoutFlags(call);
    if (event.kind === 'tool_result') made.toolResult = resultOf(event, pairs.callOf.get(event), id, seqOf);
    if (event.kind === 'error') made.error = leaveOut(errorOf(event));
    if (event.feedback) made.feedback = feedbackOf(event.feedback, events, id, seq, assembly);
    if (event.retryOf) {
      const attempt = (attempts.get(event.retryOf) ?? 1) + 1;
      attempts.set(event, attempt);
      made.attempt = attempt;
      const retryOf = assembly.placed.get(event.retryOf);
      if (retryOf !== undefined) made.retryOf = retryOf;
    }
    if (event.copied) made.copied = event.copied;
    if (event.injected) made.injected = event.injected;
    if (event.repeats !== undefined && event.repeats > 0) made.repeats = event.repeats;
    made.raw = rawRef(event.place);
    if (event.mirrors && event.mirrors.length > 0) made.mirrors = event.mirrors.map(rawRef);
    made.confidence = event.confidence ?? 1;
    made.flags = flagsOf(event);
    return made as LogEvent;
  });

  const outputsOf = new Map<DraftStep, number[]>(draftSteps.map((step) => [step, []]));
  for (const [seq, event] of events.entries()) outputsOf.get(stepOf.get(event)!)?.push(seq);
  const steps = draftSteps.map((step, index) => finishStep(step, `s${index}`, outputsOf.get(step) ?? [], seqOf));
  const times = [...events.map((event) => event.ts), ...draftSteps.flatMap((step) => [step.startedAt, step.endedAt])]
    .filter((time) => time !== undefined)
    .sort();
  const outcome = outcomeOf(logEvents, steps);
  return leaveOut({
    schema: 'assay.trajectory/1' as const,
    id,
    source: assembly.source,
    externalIds: draft.externalIds && Object.keys(draft.externalIds).length > 0 ? draft.externalIds : undefined,
    parentTrajectoryId: draft.parent && trajectoryId(assembly.source.adapter, draft.parent.rootKey),
    parentEventId: draft.parent?.call && assembly.placed.get(draft.parent.call),
    continues: draft.continues && trajectoryId(assembly.source.adapter, draft.continues.rootKey),
    branch: draft.branch && branchOf(draft.branch, assembly),
    agent: draft.agent,
    models: [...new Set(steps.flatMap((step) => (step.model === undefined ? [] : [step.model])))],
    startedAt: times[0],
    endedAt: times.at(-1),
    tools: [...tools.values()],
    steps,
    events: logEvents,
    outcome,
    flags: trajectoryFlags(logEvents, steps, draft.flags ?? []),
    meta: draft.meta,
  }) as Trajectory;
}

/** All that an event may have, whatever its kind. */
type Printed = Omit<LogEvent, 'kind' | 'toolCall' | 'toolResult' | 'error' | 'feedback'> & {
  kind: LogEvent['kind'];
  toolCall: ToolCall;
  toolResult: ToolResult;
  error: ErrorInfo;
  feedback: Feedback;
};

function resultOf(
  event: DraftEvent,
  call: DraftEvent | undefined,
  id: string,
  seqOf: Map<DraftEvent, number>,
): ToolResult {
  const { callId, name, status, errorType, exitCode } = event.result ?? {};
  return leaveOut({
    callId,
    forEventId: call && `${id}:${seqOf.get(call)}`,
    name,
    status: status ?? inferStatus(event.parts ?? [], event.result).status,
    errorType,
    exitCode,
  });
}

function freeId(draft: DraftTrajectory, first: RecordRef, { source, taken }: Assembly): string {
  const rootKey = draft.rootKey ?? `${first.sha256}#${first.ordinal ?? 0}`;
  const wanted = trajectoryId(source.adapter, rootKey, draft.branchPath);
  let id = wanted;
  let count = taken.get(wanted) ?? 0;
  while (taken.has(id)) id = trajectoryId(source.adapter, rootKey, `${draft.branchPath ?? ''}~${++count + 1}`);
  taken.set(wanted, count);
  taken.set(id, taken.get(id) ?? 0);
  return id;
}

/** Steps in order of their first output. Model events that no step claims make one of their own, run by run. */
function gatherSteps(events: DraftEvent[]): { steps: DraftStep[]; stepOf: Map<DraftEvent, DraftStep> } {
  const steps = new Set<DraftStep>();
  const stepOf = new Map<DraftEvent, DraftStep>();
  let implicit: DraftStep | undefined;
  for (const event of events) {
    const isAnswer = event.kind === 'assistant' || (event.kind === 'tool_call' && event.actor === 'model');
    const isOutput = isAnswer || event.kind === 'error' || event.kind === 'tool_call';
    if (event.step && isOutput) {
      implicit = undefined;
      steps.add(event.step);
      stepOf.set(event, event.step);
    } else if (isAnswer) {
      implicit ??= {};
      steps.add(implicit);
      stepOf.set(event, implicit);
    } else if (event.kind !== 'meta') implicit = undefined;
  }
  return { steps: [...steps], stepOf };
}

function gatherTools(ofRun: ToolDef[] | undefined, steps: DraftStep[]): Map<string, ToolDef> {
  const tools = new Map<string, ToolDef>();
  for (const tool of [...(ofRun ?? []), ...steps.flatMap((step) => step.tools ?? [])]) {
    if (!tools.has(tool.sha)) tools.set(tool.sha, leaveOut(tool));
  }
  return tools;
}

function readCall(
  event: DraftEvent,
  step: DraftStep | undefined,
  ofRun: ToolDef[] | undefined,
  all: Map<string, ToolDef>,
  checker: ArgumentChecker,
): ToolCall & { flags: EventFlag[] } {
  const call = event.call!;
  const { flags: jsonFlags, ...read } = parseArguments(call.arguments);
  const flags: EventFlag[] = [...jsonFlags];
  if (read.repaired) flags.push('repaired_arguments');
  if (read.parseError !== undefined) flags.push('unparsable_arguments');
  const named = (tools: Iterable<ToolDef>) => [...tools].filter((tool) => tool.name === call.name);
  // A log that says nothing at this answer may have offered the tool before: then only one of that name can be meant.
  const elsewhere = step?.tools === undefined && ofRun === undefined ? named(all.values()) : [];
  const tool = named(step?.tools ?? ofRun ?? [])[0] ?? (elsewhere.length === 1 ? elsewhere[0] : undefined);
  const valid = tool && read.arguments !== undefined ? checker.isValid(tool, read.arguments) : undefined;
  if (valid === false) flags.push('schema_invalid');
  if (call.origin === 'text') flags.push('text_tool_call');
  return leaveOut({
    callId: call.callId,
    name: call.name,
    argumentsRaw: call.raw ?? read.argumentsRaw,
    arguments: read.arguments,
    parseError: read.parseError,
    repaired: read.repaired,
    toolSha: tool?.sha,
    schemaValid: valid,
    origin: call.origin ?? 'native',
    flags,
  });
}

function withoutFlags({ flags: _, ...call }: ToolCall & { flags: EventFlag[] }): ToolCall {
  return call;
}

function errorOf(event: DraftEvent): ErrorInfo {
  const { where, type, code, status, message, retryable, retryAfterMs } = event.error ?? { where: 'app', message: '' };
  return { where, type, code, status, message, retryable, retryAfterMs };
}

function feedbackOf(
  feedback: NonNullable<DraftEvent['feedback']>,
  events: DraftEvent[],
  id: string,
  seq: number,
  assembly: Assembly,
): Feedback {
  let target: string | undefined;
  if (feedback.target === 'last_answer') {
    const answer = lastBefore(events, seq, 'assistant');
    const last = answer >= 0 ? answer : lastBefore(events, seq, 'tool_call');
    if (last >= 0) target = `${id}:${last}`;
  } else if (feedback.target !== 'trajectory') target = assembly.placed.get(feedback.target);
  const { signal, name, value, scale, by, comment } = feedback;
  return leaveOut({ target: target ?? 'trajectory', signal, name, value, scale, by, comment });
}

function lastBefore(events: readonly DraftEvent[], seq: number, kind: DraftEvent['kind']): number {
  let at = seq - 1;
  while (at >= 0 && events[at]!.kind !== kind) at--;
  return at;
}

function branchOf(branch: NonNullable<DraftTrajectory['branch']>, { source, placed }: Assembly): Trajectory['branch'] {
  return leaveOut({
    of: trajectoryId(source.adapter, branch.of.rootKey, branch.of.branchPath),
    atEventId: branch.at && placed.get(branch.at),
    selected: branch.selected,
    rank: branch.rank,
  });
}

function finishStep(step: DraftStep, id: string, outputs: number[], seqOf: Map<DraftEvent, number>): Step {
  const inputs = step.inputs?.flatMap((event) => seqOf.get(event) ?? []);
  return leaveOut({
    id,
    externalId: step.externalId,
    aliases: step.aliases && step.aliases.length > 0 ? step.aliases : undefined,
    parentExternalId: step.parentExternalId,
    model: step.model,
    provider: step.provider,
    inputs: inputs && toRanges(inputs),
    outputs: toRanges(outputs),
    tools: step.tools && [...new Set(step.tools.map((tool) => tool.sha))],
    params: step.params,
    startedAt: step.startedAt,
    endedAt: step.endedAt,
    latencyMs: step.latencyMs,
    ttftMs: step.ttftMs,
    usage: step.usage && Object.keys(step.usage).length > 0 ? step.usage : undefined,
    finish: step.finish,
  });
}

/** Half open ranges of numbers in the order given. */
export function toRanges(seqs: number[]): Range[] {
  const ranges: Range[] = [];
  for (const seq of seqs) {
    const last = ranges.at(-1);
    if (last && last[1] === seq) last[1] = seq + 1;
    else ranges.push([seq, seq + 1]);
  }
  return ranges;
}

export function rawRef({ record, recordEnd, sha256: spanSha, pointer }: Place): RawRef {
  const end = recordEnd ?? record;
  const { recordNo, byteStart } = record;
  const sha256 = spanSha ?? record.sha256;
  const at = record.isPlain ? undefined : pointer;
  if (end.recordNo > recordNo)
    return leaveOut({
      recordNo,
      recordEnd: end.recordNo,
      byteStart,
      byteEnd: end.byteEnd,
      pointer: at || undefined,
      sha256,
    });
  return at
    ? { recordNo, byteStart, byteEnd: end.byteEnd, pointer: at, sha256 }
    : { recordNo, byteStart, byteEnd: end.byteEnd, sha256 };
}

/** Drops fields without a value; the order of the others is kept. */
export function leaveOut<T extends object>(fields: T): T {
  const kept: Partial<T> = {};
  for (const key of Object.keys(fields) as (keyof T)[]) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept as T;
}
