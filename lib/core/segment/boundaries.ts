/**
 * Where a session is cut (docs/formats.md, segmentation). A cut stands before an event; the piece after it carries the
 * cut's rule. A cut that would leave a piece with nothing said in it (two rules firing on neighbouring events) is
 * dropped, so that a new system prompt and the question after it stay together; compaction always cuts.
 */
import type { LogEvent } from '../trajectory/event.ts';
import type { Step, Trajectory } from '../trajectory/trajectory.ts';
import type { CutRuleId } from '../trajectory/unit.ts';

/** `at` is the seq of the first event after the cut. */
export type Cut = { at: number; rule: CutRuleId };

export const IDLE_GAP_MS = 30 * 60_000;

/** Text of an event as it was said: its text parts, joined by line breaks. */
export const textOf = (event: LogEvent): string =>
  event.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');

const SPOKEN = new Set<LogEvent['kind']>(['user', 'assistant', 'tool_call', 'tool_result', 'retrieval', 'error']);
const CLEAR = /^\s*(?:\/clear\s*$|<command-name>\s*\/?clear\s*<\/command-name>)/;

const startsOver = (event: LogEvent): boolean => event.kind === 'user' && CLEAR.test(textOf(event));

/** The system events that hold at each point: a block is replaced by the first different one after an answer. */
export function systemInForce(events: readonly LogEvent[], before: number): LogEvent[] {
  let block: LogEvent[] = [];
  let isAnswered = false;
  for (const event of events) {
    if (event.seq >= before) break;
    if (event.kind === 'assistant') isAnswered = true;
    if (event.kind !== 'system') continue;
    if (isAnswered && !isSameSystem(event, block)) {
      block = [];
      isAnswered = false;
    }
    if (!isSameSystem(event, block)) block.push(event);
  }
  return block;
}

const isSameSystem = (event: LogEvent, block: readonly LogEvent[]): boolean => {
  const text = textOf(event).trim();
  return block.some((held) => textOf(held).trim() === text);
};

function systemChanges(events: readonly LogEvent[]): Cut[] {
  const cuts: Cut[] = [];
  let block: LogEvent[] = [];
  let isAnswered = false;
  for (const event of events) {
    if (event.kind === 'assistant') isAnswered = true;
    if (event.kind !== 'system' || isSameSystem(event, block)) continue;
    if (isAnswered) {
      cuts.push({ at: event.seq, rule: 'cut.system_change' });
      block = [];
      isAnswered = false;
    }
    block.push(event);
  }
  return cuts;
}

/**
 * Before the user event that a step with other tools answers. When no user event stands between the two steps the set
 * changed in the middle of a turn, and a cut there would tear calls from their results: none is made.
 */
function toolsetChanges(events: readonly LogEvent[], steps: readonly Step[]): Cut[] {
  const cuts: Cut[] = [];
  let offered: string | undefined;
  let lastEnd = 0;
  for (const step of steps) {
    const first = step.outputs[0]?.[0];
    if (first === undefined) continue;
    if (step.tools) {
      const set = [...step.tools].sort().join(' ');
      if (offered !== undefined && set !== offered) {
        const asked = events.slice(lastEnd, first).find((event) => event.kind === 'user');
        if (asked) cuts.push({ at: asked.seq, rule: 'cut.toolset_change' });
      }
      offered = set;
    }
    lastEnd = Math.max(lastEnd, ...step.outputs.map((range) => range[1]));
  }
  return cuts;
}

function idleGaps(events: readonly LogEvent[]): Cut[] {
  const cuts: Cut[] = [];
  let last: number | undefined;
  for (const event of events) {
    if (!event.ts) continue;
    const now = Date.parse(event.ts);
    if (Number.isNaN(now)) continue;
    if (last !== undefined && event.kind === 'user' && now - last > IDLE_GAP_MS) {
      cuts.push({ at: event.seq, rule: 'cut.idle_gap' });
    }
    last = now;
  }
  return cuts;
}

/** Every cut of a trajectory in order, never at its first event. Where rules meet, the stronger names the cut. */
export function findCuts(trajectory: Trajectory): Cut[] {
  const { events, steps } = trajectory;
  const found: Cut[] = [];
  for (const event of events) {
    if (event.kind === 'compaction') found.push({ at: event.seq, rule: 'cut.compaction' });
    else if (startsOver(event)) found.push({ at: event.seq, rule: 'cut.clear' });
  }
  if (trajectory.flags.includes('no_id')) found.push(...idleGaps(events));
  found.push(...systemChanges(events), ...toolsetChanges(events, steps));
  const strength: CutRuleId[] = [
    'cut.compaction',
    'cut.clear',
    'cut.idle_gap',
    'cut.system_change',
    'cut.toolset_change',
  ];
  found.sort((a, b) => a.at - b.at || strength.indexOf(a.rule) - strength.indexOf(b.rule));

  const cuts: Cut[] = [];
  let from = 0;
  for (const cut of found) {
    if (cut.at <= from) continue;
    const isSpoken = events.slice(from, cut.at).some((event) => SPOKEN.has(event.kind));
    if (!isSpoken && cut.rule !== 'cut.compaction') continue;
    cuts.push(cut);
    from = cut.at;
  }
  return cuts;
}
