/** Kind of verdict -> what it does beside its row. */
import { adjudicationEffect } from '../adjudicate/rule-dispute.ts';
import { auditEffect } from '../audit/record-verdict.ts';
import { pairEffect } from '../pairs/label-pair.ts';
import { sweepEffect } from '../sweep/sweep.ts';
import type { Effects } from './record-decision.ts';

export const EFFECTS: Effects = {
  audit: auditEffect,
  adjudication: adjudicationEffect,
  pair: pairEffect,
  sweep: sweepEffect,
};
