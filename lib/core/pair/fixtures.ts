/** Small invented units for the tests of this room: what was said, called and judged, in order. */
import type { Feedback, LogEvent } from '../trajectory/event.ts';
import type { Json } from '../trajectory/json.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import type { Outcome } from '../trajectory/trajectory.ts';
import type { Unit } from '../trajectory/unit.ts';

export type Line =
  | { system: string }
  | { user: string }
  | { says: string; step?: string }
  | { calls: string; with: Json; valid?: boolean; step?: string }
  | { gets: string; of?: number; ok?: boolean }
  | { feedback: Omit<Feedback, 'target' | 'by'>; on: number | 'trajectory'; ts?: string };

export function unitOf(name: string, lines: readonly Line[], outcome: Partial<Outcome> = {}): Redacted<Unit> {
  const id = (seq: number) => `t_${name}:${seq}`;
  const events = lines.map((line, seq): LogEvent => {
    const base = {
      id: id(seq),
      seq,
      tsSource: 'none' as const,
      parts: [] as LogEvent['parts'],
      raw: { recordNo: 1, byteStart: 0, byteEnd: 1, sha256: '' },
      confidence: 1,
      flags: [],
    };
    const text = (value: string) => [{ type: 'text' as const, text: value }];
    if ('system' in line) return { ...base, kind: 'system', actor: 'app', parts: text(line.system) };
    if ('user' in line) return { ...base, kind: 'user', actor: 'human', parts: text(line.user) };
    if ('says' in line) {
      return { ...base, kind: 'assistant', actor: 'model', parts: text(line.says), stepId: line.step ?? `s${seq}` };
    }
    if ('calls' in line) {
      const toolCall = {
        name: line.calls,
        arguments: line.with,
        argumentsRaw: JSON.stringify(line.with),
        origin: 'native' as const,
        ...(line.valid === undefined ? {} : { schemaValid: line.valid }),
      };
      return { ...base, kind: 'tool_call', actor: 'model', stepId: line.step ?? `s${seq}`, toolCall };
    }
    if ('gets' in line) {
      const status = line.ok === false ? ('error' as const) : ('ok' as const);
      const toolResult = { status, forEventId: id(line.of ?? seq - 1) };
      return { ...base, kind: 'tool_result', actor: 'tool', parts: text(line.gets), toolResult };
    }
    const target = line.on === 'trajectory' ? line.on : id(line.on);
    const feedback = { ...line.feedback, target, by: 'user' as const };
    return { ...base, kind: 'feedback', actor: 'human', feedback, ...(line.ts === undefined ? {} : { ts: line.ts }) };
  });
  const unit: Unit = {
    schema: 'assay.unit/1',
    id: `u_${name}`,
    trajectoryId: `t_${name}`,
    rootId: `t_${name}`,
    unit: 'thread',
    ruleId: 'unit.thread',
    cutRuleId: 'cut.none',
    range: [0, events.length],
    events,
    steps: [],
    tools: [],
    models: [],
    outcome: { value: 'unknown', basis: 'none', evidence: [], confidence: 0, ruleId: 'outcome.none', ...outcome },
    tags: {},
    flags: [],
    eligible: { sft: true, reasons: [] },
  };
  // Invented text holds nobody's data, so it counts as redacted.
  return unit as Redacted<Unit>;
}
