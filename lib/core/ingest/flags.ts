/** Flags that follow from content, order and pairing (docs/formats.md); adapters add those only the log can tell. */
import type { EventFlag, LogEvent, ToolCall } from '../trajectory/event.ts';
import { canonicalJson, stringify } from '../trajectory/json.ts';
import type { Step, TrajectoryFlag } from '../trajectory/trajectory.ts';
import type { DraftEvent, DraftStep } from './adapter.ts';
import type { Pairs } from './pair-calls.ts';
import { inferStatus } from './result-status.ts';

type Known = {
  stepOf: Map<DraftEvent, DraftStep>;
  pairs: Pairs;
  calls: Map<DraftEvent, ToolCall & { flags: EventFlag[] }>;
};

const ESCAPE = '\u001b';
const REDACTED = /^[[<({*]*(?:content[ _-])?redacted(?:[ _-]by[ _-][\w-]{1,40})?[\])>}*]*$/i;
const BYTES_REPLACED = ['invalid_utf8', 'sanitised'] as const;

/** Flags of each event, sorted, without repeats. */
export function eventFlags(events: readonly DraftEvent[], known: Known): (event: DraftEvent) => EventFlag[] {
  const all = new Map<DraftEvent, Set<EventFlag>>();
  const stepsWithCalls = new Set(events.flatMap((event) => (event.call && known.stepOf.get(event)) || []));
  let latest: string | undefined;
  for (const event of events) {
    const flags = new Set<EventFlag>(event.flags);
    const step = known.stepOf.get(event);
    for (const flag of known.calls.get(event)?.flags ?? []) flags.add(flag);
    if (known.pairs.unanswered.has(event)) flags.add('missing_result');
    if (known.pairs.orphans.has(event)) flags.add('orphan_result');
    if (known.pairs.repeated.has(event)) flags.add('repeated_result');
    if (known.pairs.reusedIds.has(event)) flags.add('reused_call_id');
    if (step?.finish === 'incomplete') flags.add('incomplete');
    const parts = event.parts ?? [];
    if (event.kind === 'assistant' && parts.length === 0 && !(step && stepsWithCalls.has(step)))
      flags.add('empty_assistant');
    if (event.kind === 'tool_result' && inferStatus(parts, event.result).inferred) flags.add('status_inferred');
    if (parts.some((part) => part.type === 'reasoning' && part.opaque)) flags.add('opaque_reasoning');
    for (const part of parts) {
      if (!('text' in part) || part.text === undefined) continue;
      if (part.text.includes(ESCAPE)) flags.add('ansi');
      if (part.text.length < 100 && REDACTED.test(part.text.trim())) flags.add('redacted_by_source');
    }
    if (event.place.record.flags.includes('duplicate_keys')) flags.add('duplicate_keys');
    if (event.ts !== undefined) {
      if (latest !== undefined && event.ts < latest) flags.add('out_of_order');
      latest = event.ts;
      const call = known.pairs.callOf.get(event);
      if (call?.ts !== undefined && event.ts < call.ts) flags.add('clock_skew');
    }
    if (flags.size > 0) all.set(event, flags);
  }
  for (const flag of BYTES_REPLACED) {
    const hurt = events.filter((event) => event.place.record.flags.includes(flag));
    const visible = hurt.filter((event) =>
      stringify([event.parts, event.call, event.name, event.error]).includes('\uFFFD'),
    );
    for (const event of visible.length > 0 ? visible : hurt) all.set(event, (all.get(event) ?? new Set()).add(flag));
  }
  return (event) => [...(all.get(event) ?? [])].sort();
}

export function trajectoryFlags(
  events: readonly LogEvent[],
  steps: readonly Step[],
  logged: readonly TrajectoryFlag[],
): TrajectoryFlag[] {
  const flags = new Set<TrajectoryFlag>(logged);
  const systems = events.filter((event) => event.kind === 'system');
  if (systems.length === 0) flags.add('missing_system_prompt');
  if (!events.some((event) => event.actor === 'model')) flags.add('no_assistant');
  if (events.some((event) => event.copied)) flags.add('copied_context');
  if (isInterrupted(events)) flags.add('interrupted');
  if (changesSystem(events)) flags.add('system_changed');
  const offers = new Set(steps.flatMap((step) => (step.tools ? [[...step.tools].sort().join()] : [])));
  if (offers.size > 1) flags.add('tools_changed');
  return [...flags].sort();
}

function isInterrupted(events: readonly LogEvent[]): boolean {
  const last = events.findLast(
    (event) => !['meta', 'feedback', 'retrieval', 'system', 'compaction'].includes(event.kind),
  );
  return last?.kind === 'user' || last?.kind === 'tool_result';
}

/** A later system prompt, not beside the first ones, that says something else. */
function changesSystem(events: readonly LogEvent[]): boolean {
  if (events.filter(({ kind }) => kind === 'system').length < 2) return false;
  const seen = new Set<string>();
  let started = false;
  for (const event of events) {
    if (event.kind === 'system') {
      const text = canonicalJson(event.parts);
      if (started && seen.size > 0 && !seen.has(text)) return true;
      seen.add(text);
    } else if (event.kind !== 'meta') started = true;
  }
  return false;
}
