/** `DATASHEET.md`: the questions of "Datasheets for Datasets" (Gebru et al. 2021), answered from the release's own facts. */
import { plain, riskLines, table } from './dataset-card.ts';
import type { ReleaseInfo } from './release-info.ts';
import type { RowCounts } from './row-counts.ts';

export function datasheet(info: ReleaseInfo, counts: RowCounts): string {
  const { release, pipeline, split, redaction } = info;
  const dropped = Object.values(info.removed.dropped).reduce((sum, count) => sum + count, 0);
  const shares = Object.entries(split.shares).map(([name, share]) => `${name} ${share}`);
  return [
    `# Datasheet: ${plain(release.name)}`,
    '',
    '## Motivation',
    '',
    `Made for: ${plain(info.purpose)}. Handed to: ${plain(info.recipient)}.`,
    '',
    '## Composition',
    '',
    `${counts.rows} rows. A row is one piece of a logged session: a question with its answer, a conversation, the run of an agent with its tool calls, or two answers to one prompt of which one was preferred.`,
    ...table('outcome', counts.outcome),
    ...table('level', counts.level),
    '',
    `Splits follow whole groups of near-duplicates, sessions and people (shares: ${shares.join(', ')}; groups in two splits: ${split.violations}).`,
    '',
    '## Collection',
    '',
    `Logs of the sources ${info.register.map(plain).join(', ') || '(none named)'}. Basis: ${plain(info.consentBasis)}.`,
    '',
    '## Preprocessing',
    '',
    `Pipeline ${plain(pipeline.version)} (git ${plain(pipeline.gitSha)}), redaction policy ${plain(redaction.policy)} (code ${plain(redaction.codeVersion)}).`,
    `Values of people and secrets were replaced by numbered placeholders before anybody read the logs; ${dropped} pieces were left out by rules named in \`removed.json\`.`,
    '',
    ...riskLines(info),
    '',
    '## Uses',
    '',
    'For the purpose above only. It must not be joined with other data to find people again.',
    ...info.limits.map((limit) => `- ${plain(limit)}`),
    '',
    '## Distribution',
    '',
    `Licence: ${plain(info.licence)}. To be deleted by ${info.retention.expiresAt}.`,
    '',
    '## Maintenance',
    '',
    'Rows that are withdrawn are listed in `tombstones.jsonl`, each line signed; drop them before each training run. A release that is revoked has a successor.',
    '',
  ].join('\n');
}
