/** Kind and stage of a chunk -> use case, nothing else. Loaded when first needed, so that the worker starts at once. */
import type { Chunk, RunKind } from '#lib/store/runs.ts';

export type Handler = (chunk: Chunk, signal: AbortSignal) => Promise<void>;
type Stages = Record<string, () => Promise<Handler>>;

const TASKS: Partial<Record<RunKind, Stages>> = {
  import: {
    read: async () => (await import('#lib/usecases/imports/read-import.ts')).readImport,
    redact: async () => (await import('#lib/usecases/imports/redact-chunk.ts')).redactChunk,
    close: async () => (await import('#lib/usecases/imports/close-import.ts')).closeImport,
    compare: async () => (await import('#lib/usecases/clusters/compare-units.ts')).compareUnits,
  },
  retry_quarantine: {
    reread: async () => (await import('#lib/usecases/imports/reread-quarantined.ts')).rereadQuarantined,
    redact: async () => (await import('#lib/usecases/imports/reread-quarantined.ts')).redactRetried,
    settle: async () => (await import('#lib/usecases/imports/reread-quarantined.ts')).settleQuarantineRetry,
    compare: async () => (await import('#lib/usecases/clusters/compare-units.ts')).compareUnits,
  },
  release: {
    build: async () => (await import('#lib/usecases/releases/build-release.ts')).buildRelease,
    dry_run: async () => (await import('#lib/usecases/releases/dry-run-release.ts')).dryRunBuilt,
    seal: async () => (await import('#lib/usecases/releases/seal-release.ts')).sealApproved,
  },
  reredact: {
    find: async () => (await import('#lib/usecases/audit/redact-again.ts')).findDue,
    redact: async () => (await import('#lib/usecases/audit/redact-again.ts')).redactDue,
    preview: async () => (await import('#lib/usecases/dictionary/preview-entry.ts')).countPreview,
    compare: async () => (await import('#lib/usecases/clusters/compare-units.ts')).compareUnits,
  },
  pairs: {
    find: async () => (await import('#lib/usecases/pairs/propose-pairs.ts')).proposePairsOf,
  },
};

export const handlerOf =
  (kind: RunKind, stage: string): Handler =>
  async (chunk, signal) => {
    const load = TASKS[kind]?.[stage];
    if (!load) throw Object.assign(new Error('no handler'), { code: 'no_handler' });
    await (await load())(chunk, signal);
  };
