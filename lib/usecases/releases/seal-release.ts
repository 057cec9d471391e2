/**
 * Last stage: once enough people approved, the worker proves that the files on disk are the ones they approved, and
 * writes manifest, signature and sums beside them. The data files never change after the build.
 */
import { sealRelease } from '#lib/core/export/release-files.ts';
import { sha256 } from '#lib/core/trajectory/hash.ts';
import { signingKey } from '#lib/store/keys.ts';
import { recordInLedger } from '#lib/store/ledger.ts';
import { findProject } from '#lib/store/projects.ts';
import { addToSnapshot, readSnapshotFile } from '#lib/store/release-folder.ts';
import { approvalCheckpoint, approvalsOf, findRelease, type ReleaseSummary } from '#lib/store/releases.ts';
import { type Chunk, finishChunk, withFence } from '#lib/store/runs.ts';
import { systemActor } from '#lib/store/session.ts';
import { countingApprovals, standingHash } from './approval-rules.ts';

async function fileSha256(releaseId: string, snapshot: string, file: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of readSnapshotFile(releaseId, snapshot, file)) parts.push(part);
  return sha256(Buffer.concat(parts));
}

export async function sealApproved(chunk: Chunk): Promise<void> {
  const release = await findRelease(chunk.projectId, chunk.refId);
  const summary = release?.summary as ReleaseSummary | null;
  const done = () => withFence(chunk, (client) => finishChunk(client, chunk));
  if (release?.state !== 'ready' || !release.snapshotHash || !summary) return void (await done());
  const { id, snapshotHash: snapshot } = release;
  const project = await findProject(release.projectId);
  const approvals = countingApprovals(await approvalsOf(id), standingHash(snapshot, summary), release.builtBy);
  if (approvals.length < project.approvals) return void (await done());

  for (const file of summary.files) {
    if ((await fileSha256(id, snapshot, file.path)) !== file.sha256)
      throw Object.assign(new Error('a built file changed'), { code: 'built_file_changed' });
  }
  const sealed = sealRelease(
    summary.files,
    summary.info,
    {
      approvals: approvals.map(({ personId, role, at }) => ({
        person: personId,
        role: role ?? 'none',
        at: at.toISOString(),
      })),
      waivers: summary.waivers,
      ledger: await approvalCheckpoint(id),
      withdrawals: { version: 0, count: 0 },
    },
    signingKey().privateKey,
  );
  await addToSnapshot(id, snapshot, sealed);
  const manifestSha256 = sha256(Buffer.concat(sealed.find(({ path }) => path === 'manifest.json')!.chunks));
  await withFence(chunk, async (client) => {
    await client.query(
      `UPDATE release SET state = 'approved', approved_at = now(), manifest_sha256 = $3 WHERE id = $1 AND state = 'ready' AND snapshot_hash = $2`,
      [id, snapshot, manifestSha256],
    );
    await finishChunk(client, chunk);
  });
  await recordInLedger(systemActor('worker', release.projectId), {
    action: 'release.sealed',
    object: 'release',
    objectId: id,
    details: { manifestSha256, approvals: approvals.length },
  });
}
