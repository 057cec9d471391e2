/** A trainer's word on the rows of a release: it changes the weights of the next one, never which rows are in it. */
import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { recordInLedger } from '#lib/store/ledger.ts';
import { saveScores } from '#lib/store/row-scores.ts';
import { permit } from '../permit.ts';
import { ownRelease } from './draft-release.ts';

export const Scores = z.strictObject({
  releaseId: z.uuid(),
  scores: z
    .array(
      z
        .strictObject({
          id: z.string().min(1).max(80),
          loss: z.number().nonnegative().optional(),
          passRate: z.number().min(0).max(1).optional(),
        })
        .refine(({ loss, passRate }) => loss !== undefined || passRate !== undefined, { error: 'a score or none' }),
    )
    .min(1)
    .max(5_000),
});

/** @returns lines that are rows of the release, and lines that are not @throws Problem not_found, invalid for a row twice */
export async function takeScores(
  actor: Actor,
  { releaseId, scores }: z.infer<typeof Scores>,
): Promise<{ taken: number; unknown: number }> {
  await permit(actor, 'release.score');
  const release = await ownRelease(actor, releaseId);
  if (new Set(scores.map(({ id }) => id)).size < scores.length) throw new Problem('invalid', { fields: ['scores'] });
  const taken = await saveScores(release.projectId, release.id, scores);
  await recordInLedger(actor, {
    action: 'release.score',
    object: 'release',
    objectId: release.id,
    details: { taken, unknown: scores.length - taken },
  });
  return { taken, unknown: scores.length - taken };
}
