/** Kind of verdict -> what it does beside its row. */
import { auditEffect } from '../audit/record-verdict.ts';
import { pairEffect } from '../pairs/label-pair.ts';
import type { Effects } from './record-decision.ts';

export const EFFECTS: Effects = { audit: auditEffect, pair: pairEffect };
