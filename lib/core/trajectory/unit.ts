/** The piece of a trajectory that becomes one training example. */
import type { LogEvent } from './event.ts';
import type { JsonObject } from './json.ts';
import type { Outcome, Range, Step, ToolDef, TrajectoryFlag } from './trajectory.ts';

export const UNIT_KINDS = ['qa', 'thread', 'agent'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];
export type UnitRuleId = 'unit.agent' | 'unit.thread' | 'unit.qa';
export type CutRuleId =
  | 'cut.none'
  | 'cut.compaction'
  | 'cut.clear'
  | 'cut.idle_gap'
  | 'cut.system_change'
  | 'cut.toolset_change'
  | 'cut.size';
export type IneligibleReason =
  | 'no_assistant'
  | 'unpaired_call'
  | 'orphan_result'
  | 'unparsable_arguments'
  | 'incomplete'
  | 'opaque_only'
  | 'copied_only'
  | 'demo'
  | 'source_redacted'
  | 'guessed_mapping';

export type Unit = {
  schema: 'assay.unit/1';
  /** `u_` + 24 hex digits of SHA-256 over trajectory id and range. */
  id: string;
  trajectoryId: string;
  /** Outermost parent trajectory: the key for splits. */
  rootId: string;
  unit: UnitKind;
  ruleId: UnitRuleId;
  cutRuleId: CutRuleId;
  range: Range;
  segmentOf?: string;
  events: LogEvent[];
  steps: Step[];
  tools: ToolDef[];
  models: string[];
  outcome: Outcome;
  tags: JsonObject;
  flags: (TrajectoryFlag | 'trimmed_tail' | 'split')[];
  eligible: { sft: boolean; reasons: IneligibleReason[] };
  /** Where in the log it came from, as far as an answer is exported with it. */
  externalIds?: { [kind: string]: string };
};
