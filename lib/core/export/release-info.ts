/** What is known of a release besides its rows. Made by the use case, pure data; nothing here is read from a clock. */
import type { Manifest } from './manifest.ts';

export type RemovedReport = {
  /** Placeholders that stand for removed values, by type. */
  redacted: { [type: string]: number };
  /** Units, pairs or rows that were left out, by the rule that did it. */
  dropped: { [rule: string]: number };
};

export type ReleaseInfo = Pick<
  Manifest,
  'release' | 'pipeline' | 'purpose' | 'recipient' | 'consentBasis' | 'retention' | 'register' | 'split' | 'redaction'
> &
  Partial<Pick<Manifest, 'render' | 'targets' | 'pairs' | 'coverage' | 'kReport'>> & {
    /** SPDX id or `other`. */
    licence: string;
    /** BCP 47, sorted. */
    languages: string[];
    removed: RemovedReport;
    /** Sentences a reader must know before training; shown in the card and the datasheet. */
    limits: string[];
    /** Names of student and teacher models for the eval plan. */
    student?: string;
    teacher?: string;
  };

/** What is only known once people have approved; signed last. */
export type Seal = Pick<Manifest, 'approvals' | 'waivers' | 'ledger' | 'withdrawals'>;
