/** One whole session, conversation, trace, run or example: one line of `assay parse`. */
import type { LogEvent } from './event.ts';
import type { Json, JsonObject } from './json.ts';

export type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be';
export type Compression = 'none' | 'gzip' | 'zip' | 'zstd';
export type TrajectorySource = {
  path: string;
  member?: string;
  adapter: string;
  adapterVersion: string;
  detectedBy: 'content' | 'named';
  encoding: Encoding;
  compression: Compression;
};

/** `sha` is over name, description and parameters with sorted keys; `raw` is the logged value. */
export type ToolDef = { sha: string; name: string; description?: string; parameters?: JsonObject; raw: Json };

/** Half open range over `seq`. */
export type Range = [from: number, to: number];

/** One model answer. */
export type Step = {
  id: string;
  externalId?: string;
  aliases?: string[];
  parentExternalId?: string;
  model?: string;
  provider?: string;
  /** Events that the model was given; left out when the log does not say (then: every earlier event). */
  inputs?: Range[];
  outputs: Range[];
  tools?: string[];
  params?: JsonObject;
  startedAt?: string;
  endedAt?: string;
  latencyMs?: number;
  ttftMs?: number;
  usage?: { in?: number; out?: number; cached?: number; reasoning?: number };
  finish?: 'stop' | 'tool' | 'length' | 'filter' | 'error' | 'incomplete';
};

export type Outcome = {
  value: 'success' | 'failure' | 'partial' | 'unknown';
  basis: 'verifier' | 'user_feedback' | 'explicit_status' | 'reviewer' | 'heuristic' | 'none';
  /** Event ids. */
  evidence: string[];
  confidence: number;
  ruleId: string;
};

export const TRAJECTORY_FLAGS = [
  'copied_context',
  'demo',
  'guessed_mapping',
  'interrupted',
  'missing_system_prompt',
  'no_assistant',
  'no_id',
  'split_for_size',
  'system_changed',
  'tools_changed',
] as const;
export type TrajectoryFlag = (typeof TRAJECTORY_FLAGS)[number];

export type Trajectory = {
  schema: 'assay.trajectory/1';
  id: string;
  source: TrajectorySource;
  externalIds?: {
    trace?: string;
    session?: string;
    conversation?: string;
    run?: string;
    sample?: string;
    user?: string;
  };
  parentTrajectoryId?: string;
  parentEventId?: string;
  continues?: string;
  branch?: { of: string; atEventId?: string; selected: boolean; rank?: number };
  agent?: { name?: string; version?: string };
  models: string[];
  startedAt?: string;
  endedAt?: string;
  tools: ToolDef[];
  steps: Step[];
  events: LogEvent[];
  outcome: Outcome;
  flags: TrajectoryFlag[];
  meta?: JsonObject;
};
