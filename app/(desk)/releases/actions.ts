'use server';
import { z } from 'zod';
import { action } from '#lib/http/action.ts';
import { Approve, approveRelease, Waive, waiveGate } from '#lib/usecases/releases/approve-release.ts';
import { startDownload } from '#lib/usecases/releases/download-release.ts';
import { draftRelease, NewRelease, queueBuild, ReleaseRef } from '#lib/usecases/releases/draft-release.ts';
import { letStand } from '#lib/usecases/releases/let-stand.ts';
import { revokeRelease } from '#lib/usecases/releases/revoke-release.ts';

const RevokeForm = z.strictObject({ releaseId: z.uuid(), reason: z.string().trim().max(500) });
const DownloadForm = z.strictObject({ releaseId: z.uuid(), file: z.string().min(1).max(200) });

export const draft = action('release.draft', NewRelease, draftRelease);
export const build = action('release.build', ReleaseRef, queueBuild);
export const approve = action('release.approve', Approve, approveRelease);
export const waive = action('release.waive', Waive, waiveGate);
export const revoke = action('release.revoke', RevokeForm, revokeRelease);
export const stand = action('release.stand', RevokeForm, letStand);
export const download = action('release.download', DownloadForm, (actor, { releaseId, file }) =>
  startDownload(actor, releaseId, { file }),
);
