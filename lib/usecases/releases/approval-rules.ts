/** Whose approval counts: one table of facts for the page, the act and the seal. */
import { contentHash } from '#lib/core/trajectory/hash.ts';
import type { ApprovalRow, ReleaseSummary } from '#lib/store/releases.ts';

export const VERDICT_FILE = 'dry-run/verdict.json';

/** What an approval is of: the build with its gates, what the trainers said of it, and what was waived in writing. */
export function standingHash(
  snapshotHash: string,
  { waivers, files }: Pick<ReleaseSummary, 'waivers' | 'files'>,
): string {
  const verdict = files.find(({ path }) => path === VERDICT_FILE)?.sha256;
  if (waivers.length === 0 && verdict === undefined) return snapshotHash;
  return contentHash([snapshotHash, waivers, verdict ?? null]);
}

/** Approvals of exactly this, by leads who did not build it. */
export const countingApprovals = (
  approvals: readonly ApprovalRow[],
  standing: string,
  builtBy: string | null,
): ApprovalRow[] =>
  approvals.filter((row) => row.snapshotHash === standing && row.personId !== builtBy && row.role === 'lead');
