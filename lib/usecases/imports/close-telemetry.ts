/**
 * Telemetry becomes imports by rule: a trace whose first span is over and that was quiet for a moment; a session that
 * was quiet for longer; what grew too large or waited too long. Run by every worker's sweep; whoever comes first does it.
 */
import { sha256 } from '#lib/core/trajectory/hash.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { announceRun } from '#lib/store/queue.ts';
import { createRun } from '#lib/store/runs.ts';
import { systemActor } from '#lib/store/session.ts';
import {
  type CloseRules,
  type Closing,
  forgetGroups,
  groupsToClose,
  saveParts,
  takeGroups,
} from '#lib/store/span-groups.ts';

const NOBODY = '00000000-0000-0000-0000-000000000000';
const seconds = (name: string, fallback: number): number => Number(process.env[name] ?? fallback);

export const closeRules = (): CloseRules => ({
  settle: seconds('ASSAY_OTLP_SETTLE', 20),
  idle: seconds('ASSAY_OTLP_IDLE', 300),
  age: 6 * 3600,
  gather: 60,
  bytes: 64 * 1024 ** 2,
});

/** How long the spans of a group are kept, sealed, so that late ones join the rest and make one trajectory. */
export const LATE_SECONDS = 24 * 3600;

/** @returns ids of the imports that were made */
export async function closeTelemetry(rules: CloseRules = closeRules()): Promise<string[]> {
  const made: string[] = [];
  for (const closing of await groupsToClose(rules)) {
    const importId = await makeImport(closing);
    if (importId) made.push(importId);
  }
  await forgetGroups(LATE_SECONDS);
  return made;
}

async function makeImport({ projectId, sourceId, groups }: Closing): Promise<string | null> {
  const actor = systemActor('worker', projectId);
  return inTransaction(async (tx) => {
    const taken = await takeGroups(
      tx,
      sourceId,
      groups.map(({ id }) => id),
    );
    if (taken.batches.length === 0) return null;
    const size = BigInt(taken.batches.reduce((sum, { bytes }) => sum + bytes, 0));
    const row = await tx.import.create({
      data: {
        projectId,
        sourceId,
        filename: `telemetry ${new Date().toISOString().slice(0, 19)}Z`,
        origin: 'telemetry',
        format: 'otlp',
        size,
        received: size,
        // Of the hashes of its parts: the lines are not opened here.
        sha256: sha256(taken.batches.map((batch) => batch.sha256).join('\n')),
        state: 'queued',
        createdBy: NOBODY,
      },
    });
    await saveParts(tx, row.id, taken);
    const runId = await createRun(tx, {
      projectId,
      kind: 'import',
      refId: row.id,
      createdBy: null,
      chunks: [{ stage: 'read' }],
    });
    await announceRun(tx, runId);
    const why = Map.groupBy(groups, (group) => group.why);
    await appendLedger(tx, actor, {
      action: 'import.queue',
      object: 'import',
      objectId: row.id,
      details: { runId, ...Object.fromEntries([...why].map(([rule, own]) => [rule, own.length])) },
    });
    return row.id;
  });
}
