/** Whose approval counts: one table of facts for the page, the act and the seal. */
import { contentHash } from '#lib/core/trajectory/hash.ts';
import type { ApprovalRow, ReleaseSummary } from '#lib/store/releases.ts';

/** What an approval is of: the build with its gates, and what was waived in writing. */
export const standingHash = (snapshotHash: string, summary: Pick<ReleaseSummary, 'waivers'>): string =>
  summary.waivers.length === 0 ? snapshotHash : contentHash([snapshotHash, summary.waivers]);

/** Approvals of exactly this, by leads who did not build it. */
export const countingApprovals = (
  approvals: readonly ApprovalRow[],
  standing: string,
  builtBy: string | null,
): ApprovalRow[] =>
  approvals.filter((row) => row.snapshotHash === standing && row.personId !== builtBy && row.role === 'lead');
