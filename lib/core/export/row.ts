/**
 * The rows that leave (docs/exports.md): what one line of a data file holds. Keys that do not apply are absent, never
 * null; the order of the fields here is the order in the file.
 */
import type { Json, JsonObject } from '../trajectory/json.ts';

export const CONFIGS = ['sft-chat', 'sft-agent', 'dpo-chat', 'dpo-agent'] as const;
export type Config = (typeof CONFIGS)[number];
export type SftConfig = 'sft-chat' | 'sft-agent';
export type DpoConfig = 'dpo-chat' | 'dpo-agent';

export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

export const LEVELS = ['L0', 'L1', 'L2', 'L3', 'L4', 'L5'] as const;
export type Level = (typeof LEVELS)[number];

export type Call = { id: string; type: 'function'; function: { name: string; arguments: JsonObject } };
export type SystemMessage = { role: 'system'; content: string };
export type UserMessage = { role: 'user'; content: string };
export type AssistantMessage = {
  role: 'assistant';
  content: string;
  reasoning_content?: string;
  tool_calls?: Call[];
  /** `false`: context only. Left out (or true): the loss covers it. Only in SFT rows. */
  train?: boolean;
};
export type ToolMessage = { role: 'tool'; content: string; tool_call_id: string; name: string };
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** What a row's `tools` string holds a list of. */
export type ToolFunction = {
  type: 'function';
  function: { name: string; description: string; parameters: JsonObject };
};

/** `meta_json`: one JSON object with sorted keys, in a string, so that loaders infer no types from it. */
export type SftRow = { id: string; messages: Message[]; tools?: string | null; meta_json: string };
export type DpoRow = {
  id: string;
  prompt: Message[];
  chosen: AssistantMessage[];
  rejected: AssistantMessage[];
  tools?: string | null;
  meta_json: string;
};
export type Row = SftRow | DpoRow;

export type EvalCategory = 'simple' | 'multiple' | 'parallel' | 'parallel_multiple' | 'irrelevance' | 'answer';
export type EvalRow = {
  id: string;
  category: EvalCategory;
  level: Level;
  question: Message[][];
  function: { name: string; description: string; parameters: JsonObject }[];
  /** One entry a call: its name, and the accepted values of each parameter; `""` among them means it may be absent. */
  ground_truth: { [name: string]: { [parameter: string]: Json[] } }[];
  teacher: { calls: { name: string; arguments: JsonObject }[]; content: string };
  group: string;
  meta_json: string;
};

/** What the caller knows of a row and the unit does not. Group and cluster ids are made per release. */
export type RowMeta = {
  id: string;
  split: Split;
  level: Level;
  group: string;
  cluster?: string;
  source?: string;
  weight?: number;
  lang?: string;
  domain?: string;
  /** Name of the redaction policy that ran. */
  redaction?: string;
  teacher?: string;
  tokens?: { [target: string]: number };
  /** Tags of the unit that are worth exporting; those of `EXPORTED_TAGS` are taken. */
  tags?: JsonObject;
};

/** Tags that stand in `meta_json` and in the sampler's index (docs/exports.md), under these names. */
export const EXPORTED_TAGS = [
  'steps',
  'calls',
  'tools',
  'hops',
  'width',
  'errors',
  'recovered',
  'retries',
  'backtracks',
  'clarifications',
  'turns',
  'resultTokens',
  'writes',
] as const;

/** Why a unit or pair gives no row. Counted and shown, never silent. */
export const REFUSALS = [
  'ineligible',
  'no_user',
  'no_assistant',
  'no_training_target',
  'order',
  'media',
  'system_midway',
  'retrieval_midway',
  'unpaired_call',
  'orphan_result',
  'repeated_result',
  'unparsable_arguments',
  'tools_unknown',
  'tool_not_offered',
  'float_changes_on_load',
  'integer_too_large',
  'sides_equal',
  'side_empty',
  'sides_differ_before_answer',
  'chosen_invalid',
  'rejected_invalid',
] as const;
export type Refusal = (typeof REFUSALS)[number];
export type Refused = { refused: Refusal; detail?: string };

export const isRefused = (value: object): value is Refused => 'refused' in value;
