/** May a unit be trained on as it is? Every reason against it is named, in the order of the contract. */
import type { LogEvent } from '../trajectory/event.ts';
import type { Step, TrajectoryFlag } from '../trajectory/trajectory.ts';
import type { IneligibleReason, Unit } from '../trajectory/unit.ts';

const hasText = (event: LogEvent): boolean =>
  event.parts.some(
    (part) => ((part.type === 'text' || part.type === 'refusal') && part.text.trim() !== '') || part.type === 'json',
  );

const isOpaqueOnly = (event: LogEvent): boolean =>
  event.parts.length > 0 &&
  event.parts.every((part) => part.type === 'reasoning' && part.opaque !== undefined && !part.text);

/** A call that nobody answered here, or whose answer was cut off behind the last assistant event. */
function hasUnpairedCall(events: readonly LogEvent[], lastStep: Step | undefined, to: number): boolean {
  const answered = new Set(
    events.flatMap((event) => (event.kind === 'tool_result' ? [event.toolResult.forEventId] : [])),
  );
  const isOpen = events.some(
    (event) => event.kind === 'tool_call' && event.toolCall.origin !== 'server' && !answered.has(event.id),
  );
  return isOpen || (lastStep?.outputs.some(([, end]) => end > to) ?? false);
}

/**
 * @param events the unit's events
 * @param lastStep the step of the last answer as the trajectory has it, its outputs not clipped
 * @param to end of the unit's range
 */
export function findEligibility(
  events: readonly LogEvent[],
  flags: readonly TrajectoryFlag[],
  lastStep: Step | undefined,
  to: number,
): Unit['eligible'] {
  const answers = events.filter((event) => event.kind === 'assistant');
  const made = events.filter((event) => event.kind === 'assistant' || event.kind === 'tool_call');
  const last = answers.at(-1);
  const isFlagged = (flag: LogEvent['flags'][number]) => events.some((event) => event.flags.includes(flag));
  const found: [IneligibleReason, boolean][] = [
    ['no_assistant', !answers.some(hasText) && !answers.some(isOpaqueOnly)],
    ['unpaired_call', hasUnpairedCall(events, lastStep, to)],
    ['orphan_result', isFlagged('orphan_result')],
    ['unparsable_arguments', isFlagged('unparsable_arguments')],
    ['incomplete', isFlagged('incomplete')],
    ['opaque_only', last !== undefined && isOpaqueOnly(last)],
    ['copied_only', made.length > 0 && made.every((event) => event.copied)],
    ['demo', flags.includes('demo')],
    ['source_redacted', isFlagged('redacted_by_source')],
    ['guessed_mapping', flags.includes('guessed_mapping')],
  ];
  const reasons = found.flatMap(([reason, holds]) => (holds ? [reason] : []));
  return { sft: reasons.length === 0, reasons };
}
