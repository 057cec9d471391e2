/** Kind and stage of a chunk -> use case, nothing else. */
import type { Chunk, RunKind } from '#lib/store/runs.ts';

export type Handler = (chunk: Chunk, signal: AbortSignal) => Promise<void>;
type Stages = Record<string, () => Promise<Handler>>;

const TASKS: Partial<Record<RunKind, Stages>> = {};

export const handlerOf =
  (kind: RunKind, stage: string): Handler =>
  async (chunk, signal) => {
    const load = TASKS[kind]?.[stage];
    if (!load) throw Object.assign(new Error('no handler'), { code: 'no_handler' });
    await (await load())(chunk, signal);
  };
