import type { Tx } from './db.ts';

/** The terms that each unit carries along from its source. */
export type SourceTerms = {
  controller: string;
  legalBasis: string;
  purposes: string[];
  region: string;
  recipientsAllowed: string[];
  consentRef: string | null;
  retentionRawDays: number;
  retentionRedactedDays: number;
};

/** The source's terms as they are, locked until the transaction ends; empty when the project has no such source. */
export const lockSource = (tx: Tx, projectId: string, sourceId: string) =>
  tx.$queryRaw<SourceTerms[]>`
    SELECT controller, legal_basis AS "legalBasis", purposes, region, recipients_allowed AS "recipientsAllowed",
           consent_ref AS "consentRef", retention_raw_days AS "retentionRawDays", retention_redacted_days AS "retentionRedactedDays"
      FROM source WHERE id = ${sourceId}::uuid AND project_id = ${projectId}::uuid FOR UPDATE`;

/** Gives the source's units its terms; they end as many days after their import as it says. @returns how many units */
export const applyTerms = (tx: Tx, projectId: string, sourceId: string, terms: SourceTerms): Promise<number> =>
  tx.$executeRaw`
    UPDATE unit u SET purposes = ${terms.purposes}, legal_basis = ${terms.legalBasis}, consent_ref = ${terms.consentRef},
           region = ${terms.region}, recipients_allowed = ${terms.recipientsAllowed},
           expires_at = i.created_at + make_interval(days => ${terms.retentionRedactedDays}::int)
      FROM import i
     WHERE i.id = u.import_id AND u.project_id = ${projectId}::uuid AND u.source_id = ${sourceId}::uuid`;
