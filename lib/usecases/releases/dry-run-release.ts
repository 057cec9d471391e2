/**
 * Second stage of a build: the real trainers on the very files that were frozen. Their verdict becomes a file of the
 * release and its gate; until then the release is still being built, so nobody approves what no trainer has seen.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { manifestText } from '#lib/core/export/manifest.ts';
import { type PlannedFile, toFileEntry, toManifest } from '#lib/core/export/release-files.ts';
import { readyPython, runDryRun, type Verdict } from '#lib/store/dry-run/python.ts';
import { recordInLedger } from '#lib/store/ledger.ts';
import { findProject } from '#lib/store/projects.ts';
import { addToSnapshot, snapshotFolder } from '#lib/store/release-folder.ts';
import { findRelease, gatesOf, type ReleaseRow, type ReleaseSummary, saveDryRun } from '#lib/store/releases.ts';
import { type Chunk, finishChunk, withFence } from '#lib/store/runs.ts';
import { systemActor } from '#lib/store/session.ts';
import { VERDICT_FILE } from './approval-rules.ts';
import { type DryRun, type DryRunPolicy, dryRunGate } from './dry-run-gate.ts';

const UNSEALED = { approvals: [], waivers: [], ledger: { seq: 0, hash: '' }, withdrawals: { version: 0, count: 0 } };

export async function dryRunBuilt(chunk: Chunk, signal: AbortSignal): Promise<void> {
  const release = await findRelease(chunk.projectId, chunk.refId);
  const summary = release?.summary as ReleaseSummary | null;
  if (release?.state !== 'building' || !release.snapshotHash || !summary) {
    await withFence(chunk, (client) => finishChunk(client, chunk));
    return;
  }
  const project = await findProject(release.projectId);
  const run = await trainOn(release, summary, signal);
  const gate = dryRunGate(run, project.dryRun as DryRunPolicy);
  const others = (await gatesOf(release.id)).filter((one) => one.gate !== gate.gate);
  const state = [gate, ...others].some((one) => one.state === 'fail') ? 'blocked' : 'ready';
  const files = summary.files.filter((file) => file.path !== VERDICT_FILE);
  if (run.kind === 'verdict') {
    const file = verdictFile(run.verdict);
    await addToSnapshot(release.id, release.snapshotHash, [file]);
    files.push(toFileEntry(file));
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
  await withFence(chunk, async (client) => {
    await saveDryRun(client, release.id, { gate, state, summary: { ...summary, files } });
    await finishChunk(client, chunk);
  });
  await recordInLedger(systemActor('worker', release.projectId), {
    action: 'release.trained',
    object: 'release',
    objectId: release.id,
    details: { state, gate: gate.state },
  });
}

const verdictFile = (verdict: Verdict): PlannedFile => ({
  path: VERDICT_FILE,
  chunks: [Buffer.from(`${JSON.stringify(verdict)}\n`)],
});

async function trainOn(release: ReleaseRow, summary: ReleaseSummary, signal: AbortSignal): Promise<DryRun> {
  const python = readyPython();
  if (python === null) return { kind: 'no_python' };
  const work = await mkdtemp(path.join(os.tmpdir(), 'assay-train-'));
  try {
    const manifest = path.join(work, 'manifest.json');
    await writeFile(manifest, manifestText(toManifest(summary.files, summary.info, UNSEALED, 'unsigned')));
    const folder = snapshotFolder(release.id, release.snapshotHash!);
    const out = path.join(work, 'verdict.json');
    return { kind: 'verdict', verdict: await runDryRun(python, folder, { manifest, out, signal }) };
  } catch (error) {
    // Told to stop: the chunk is taken up again later.
    signal.throwIfAborted();
    if ((error as { code?: string }).code !== 'no_verdict') throw error;
    return { kind: 'no_verdict' };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
