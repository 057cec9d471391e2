/** What a kind of queue asks of a person, and which verdicts it takes. Skip, flag and undo go everywhere. */
import type { Action } from '#lib/core/policy/access.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import type { PayloadKind } from '#lib/core/review/verdict.ts';

type Kind = { claim: Action; decide: Action; takes: readonly PayloadKind[] };
const KINDS: Record<string, Kind> = {
  audit: { claim: 'audit.claim', decide: 'audit.decide', takes: ['audit'] },
  sweep: { claim: 'sweep.view', decide: 'audit.decide', takes: ['sweep'] },
  adjudicate: { claim: 'adjudicate.claim', decide: 'adjudicate.decide', takes: ['adjudication'] },
  pair: { claim: 'pair.claim', decide: 'pair.decide', takes: ['pair'] },
};

const kindOf = (kind: string): Kind => {
  const found = KINDS[kind];
  if (!found) throw new Problem('not_found');
  return found;
};
export const claimActionOf = (kind: string): Action => kindOf(kind).claim;
export const decideActionOf = (kind: string): Action => kindOf(kind).decide;

/** @throws Problem invalid when the verdict belongs to another kind of queue */
export function checkKind(queueKind: string, payload: PayloadKind): void {
  if (['skip', 'flag', 'undo'].includes(payload) || kindOf(queueKind).takes.includes(payload)) return;
  throw new Problem('invalid', { fields: ['kind'] });
}
