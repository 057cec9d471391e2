/** A download is one link for one person, once, for a minute; the ledger has it before the first byte leaves. */
import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { isDownloadable } from '#lib/core/review/lifecycle.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { listSnapshot, readSnapshotFile, snapshotFileBytes } from '#lib/store/release-folder.ts';
import { zipSnapshot } from '#lib/store/release-zip.ts';
import { addDownload, useDownload } from '#lib/store/releases.ts';
import { newSecret, secretSha256 } from '#lib/store/session.ts';
import { permit } from '../permit.ts';
import { ownRelease } from './draft-release.ts';

const SECONDS = 60;
/** The whole folder as one ZIP. */
export const WHOLE = '*';

export const NewDownload = z.strictObject({ file: z.string().min(1).max(200).default(WHOLE) });

/** @throws Problem revoked (with its successor), not_approved */
async function openRelease(actor: Actor, releaseId: string) {
  const release = await ownRelease(actor, releaseId);
  if (release.state === 'revoked') {
    const next = await db().release.findFirst({
      where: { projectId: release.projectId, state: 'approved', number: { gt: release.number } },
      orderBy: { number: 'asc' },
    });
    throw new Problem('revoked', { reason: release.revokeReason ?? '', ...(next ? { successor: next.id } : {}) });
  }
  if (!isDownloadable(release.state) || !release.folder) throw new Problem('not_approved');
  return { ...release, folder: release.folder };
}

export async function startDownload(
  actor: Actor,
  releaseId: string,
  input: z.infer<typeof NewDownload>,
): Promise<{ url: string; expiresAt: string }> {
  await permit(actor, 'release.download');
  const release = await openRelease(actor, releaseId);
  if (input.file !== WHOLE && !(await listSnapshot(release.id, release.folder)).includes(input.file))
    throw new Problem('not_found');
  const nonce = newSecret();
  const expiresAt = new Date(Date.now() + SECONDS * 1000);
  await inTransaction(async (tx) => {
    const row = await addDownload(tx, {
      releaseId: release.id,
      personId: actor.personId!,
      file: input.file,
      nonceSha256: secretSha256(nonce),
      expiresAt,
    });
    await appendLedger(tx, actor, {
      action: 'release.link',
      object: 'release',
      objectId: release.id,
      details: { downloadId: row.id },
    });
  });
  return { url: `/api/v1/releases/${release.id}/downloads/${nonce}`, expiresAt: expiresAt.toISOString() };
}

export type ReleaseStream = { name: string; bytes: number | null; chunks: AsyncIterable<Uint8Array> };

/** @throws Problem link_used for another person, after its minute or its use; revoked; not_approved */
export async function takeDownload(actor: Actor, releaseId: string, nonce: string): Promise<ReleaseStream> {
  await permit(actor, 'release.download');
  const release = await openRelease(actor, releaseId);
  const used = await inTransaction(async (tx) => {
    const row = await useDownload(tx, release.id, actor.personId!, secretSha256(nonce));
    if (row)
      await appendLedger(tx, actor, {
        action: 'release.download',
        object: 'release',
        objectId: release.id,
        details: {
          downloadId: row.id,
          file: row.file === WHOLE ? 'whole' : row.file.replaceAll('/', ':'),
          manifestSha256: release.manifestSha256 ?? '',
        },
      });
    return row;
  });
  if (!used) throw new Problem('link_used');
  const root = `release-${release.number}`;
  if (used.file === WHOLE)
    return { name: `${root}.zip`, bytes: null, chunks: zipSnapshot(release.id, release.folder, root) };
  return {
    name: used.file.split('/').at(-1)!,
    bytes: await snapshotFileBytes(release.id, release.folder, used.file),
    chunks: readSnapshotFile(release.id, release.folder, used.file),
  };
}
